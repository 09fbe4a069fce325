"""What QuickBooks answers, as records: exact to the minor unit, or an error that says what was not exact."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.domain.books import (
    BooksAccount,
    BooksChange,
    BooksCompany,
    BooksDocument,
    BooksLine,
    BooksPreferences,
    BooksTaxCode,
)
from tieout.domain.journal import Side
from tieout.domain.money import InexactAmount, Money, minor_from_plain
from tieout.quickbooks.exact_json import amount

Json = Mapping[str, Any]


class UnreadableAnswer(ValueError):
    """An answer of QuickBooks lacks what every such answer has."""


def journal_entry(found: Json, home_currency: str, intuit_tid: str = "") -> BooksDocument:
    """A JournalEntry; its total is the sum of its debits, since QuickBooks states none (TotalAmt is always 0)."""
    currency = _ref(found, "CurrencyRef") or home_currency
    lines = tuple(_line(line, currency) for line in found.get("Line", ()) if "Amount" in line)
    try:
        day = date.fromisoformat(found["TxnDate"])
    except (KeyError, ValueError):
        raise UnreadableAnswer(f"journal entry {found.get('Id')} has no date") from None
    return BooksDocument(
        entity="JournalEntry",
        doc_number=str(found.get("DocNumber", "")),
        day=day,
        currency=currency,
        total=Money.total((line.amount for line in lines if line.side is Side.DEBIT), currency),
        note=str(found.get("PrivateNote", "")),
        lines=lines,
        id=str(found.get("Id", "")),
        sync_token=str(found.get("SyncToken", "")),
        intuit_tid=intuit_tid,
    )


def _line(line: Json, currency: str) -> BooksLine:
    detail = line.get("JournalEntryLineDetail", {})
    posting_type = detail.get("PostingType")
    return BooksLine(
        side=Side(posting_type) if posting_type else None,
        amount=amount(line["Amount"], currency),
        account_id=_ref(detail, "AccountRef"),
        description=str(line.get("Description", "")),
        tax_code_id=_ref(detail, "TaxCodeRef"),
        class_id=_ref(detail, "ClassRef"),
        location_id=_ref(detail, "DepartmentRef"),
        account_name=str((detail.get("AccountRef") or {}).get("name", "")),
    )


def account(found: Json, home_currency: str) -> BooksAccount:
    """An Account."""
    return BooksAccount(
        id=str(found["Id"]),
        name=str(found["Name"]),
        full_name=str(found.get("FullyQualifiedName") or found["Name"]),
        account_type=str(found.get("AccountType", "")),
        detail_type=str(found.get("AccountSubType", "")),
        currency=_ref(found, "CurrencyRef") or home_currency,
        active=bool(found.get("Active", True)),
    )


def company(found: Json, realm_id: str) -> BooksCompany:
    """A CompanyInfo. Its own Id is not the realm: the realm is what the address was asked for."""
    return BooksCompany(realm_id, str(found.get("CompanyName", "")), str(found.get("Country", "")))


def preferences(found: Json) -> BooksPreferences:
    """Preferences. A missing closing date is not proof that nothing is closed: posting still may be refused."""
    currency, accounting = found.get("CurrencyPrefs", {}), found.get("AccountingInfoPrefs", {})
    closed = accounting.get("BookCloseDate")
    return BooksPreferences(
        home_currency=_ref(currency, "HomeCurrency"),
        multicurrency=bool(currency.get("MultiCurrencyEnabled", False)),
        closed_until=date.fromisoformat(closed[:10]) if closed else None,
        classes=bool(accounting.get("ClassTrackingPerTxnLine") or accounting.get("ClassTrackingPerTxn")),
        locations=bool(accounting.get("TrackDepartments", False)),
    )


def tax_codes(codes: list[Json], rates: list[Json]) -> tuple[BooksTaxCode, ...]:
    """The active TaxCodes; one is zero-rated where every TaxRate of it, for sales and purchases, is zero."""
    percent = {str(rate["Id"]): rate.get("RateValue", 0) for rate in rates}
    result = []
    for code in codes:
        details = [
            detail
            for side in ("SalesTaxRateList", "PurchaseTaxRateList")
            for detail in (code.get(side) or {}).get("TaxRateDetail", ())
        ]
        zero = all(percent.get(_ref(detail, "TaxRateRef"), 1) == 0 for detail in details)
        result.append(
            BooksTaxCode(
                str(code["Id"]),
                str(code["Name"]),
                zero,
                str(code.get("Description") or ""),
                _side_rate(code, "SalesTaxRateList", percent),
                _side_rate(code, "PurchaseTaxRateList", percent),
            )
        )
    return tuple(result)


def _side_rate(code: Json, side: str, percent: Mapping[str, Any]) -> int | None:
    """The sum of a side's rates in millionths; None where there is none, or one that is not told exactly."""
    details = (code.get(side) or {}).get("TaxRateDetail", ())
    told = [percent.get(_ref(detail, "TaxRateRef")) for detail in details]
    try:
        rates = [minor_from_plain(format(rate, "f") if isinstance(rate, Decimal) else str(rate), 4) for rate in told]
    except InexactAmount:
        return None
    return sum(rates) if rates else None


def changes(
    entity: str, found: list[Json], home_currency: str, read: Callable[[Json, str, str], BooksDocument]
) -> tuple[BooksChange, ...]:
    """The changed objects of one kind, which `read` reads, out of a change-data-capture answer."""
    result = []
    for each in found:
        stamp = (each.get("MetaData") or {}).get("LastUpdatedTime")
        deleted = each.get("status") == "Deleted"
        document = None if deleted else read(each, home_currency, "")
        moment = datetime.fromisoformat(stamp) if stamp else None
        result.append(BooksChange(entity, str(each["Id"]), document, moment))
    return tuple(result)


def _ref(found: Json, name: str) -> str:
    """The value of a reference; empty where it is not there."""
    return str((found.get(name) or {}).get("value", ""))
