"""JournalEntry: debits and credits, posted as they are given.

Rules from Intuit's JournalEntry reference and error codes: at least one line; each with a posting type, an
account and an amount that is not negative; debits equal credits, tax included; a receivables line needs a
customer, a payables line a vendor; TotalAmt is always zero; lines are numbered from 0; a missing DocNumber stays
missing (minor version 54 on). Outside the US a line with a tax code needs TaxApplicableOn and TaxAmount.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tieout.domain.money import exponent
from tieout.practice.quickbooks import chart, tax_codes
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import business, fault, missing
from tieout.practice.quickbooks.figures import Doc, minor_of, number_of
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.ledger import Posting
from tieout.practice.quickbooks.lines import (
    BILLABLE,
    DESCRIPTION_LINE_DETAIL,
    ENTITY,
    TAX_CALCULATION,
    transaction_fields,
)
from tieout.practice.quickbooks.preferences import WARN_JOURNAL
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import choice, computed, flag, inner, loose, number, ref, several, shape, text

_DETAIL = shape(
    "JournalEntryLineDetail",
    choice("PostingType", "Debit", "Credit"),
    ref("AccountRef", "Account"),
    ENTITY,
    ref("ClassRef", "Class"),
    ref("DepartmentRef", "Department"),
    ref("TaxCodeRef", "TaxCode"),
    choice("TaxApplicableOn", "Sales", "Purchase"),
    number("TaxAmount"),
    number("TaxInclusiveAmt"),
    BILLABLE,
)
_LINE = shape(
    "Line",
    text("Id"),
    *computed("LineNum"),
    text("Description", 4000),
    number("Amount"),
    choice("DetailType", "JournalEntryLineDetail", "DescriptionOnly"),
    inner("JournalEntryLineDetail", _DETAIL),
    DESCRIPTION_LINE_DETAIL,
    *loose("LinkedTxn", "ProjectRef", "CustomField"),
)
JOURNAL_ENTRY = shape(
    "JournalEntry",
    *transaction_fields(),
    flag("Adjustment"),
    TAX_CALCULATION,
    several("Line", _LINE),
    *computed("TotalAmt", "HomeTotalAmt", "LinkedTxn", "HomeCurrencyAdjustment"),
)


def complete(company: Company, document: Doc, _before: Record | None) -> None:
    """Check a journal entry and put its amounts into the currency's exact places."""
    currency, places = company.settle_currency(document)
    lines = document.get("Line") or []
    if not lines:
        raise fault("2250", "You must enter at least one split line.", "Line")
    balance = 0
    for position, line in enumerate(lines):
        line["Id"] = str(position)
        if line.get("DetailType") is None:
            raise missing("DetailType")
        if line["DetailType"] == "DescriptionOnly":
            continue
        balance += _complete_line(company, line, currency, places)
    if balance:
        raise fault(
            "2300",
            "The debits and credits of the transaction are not equal; they differ by"
            f" {number_of(abs(balance), places)}.",
            "Line",
        )
    document["Adjustment"] = document.get("Adjustment", False)
    document["TotalAmt"] = number_of(0, places)
    document["TxnTaxDetail"] = _tax_detail(company, lines, places)


def _complete_line(company: Company, line: Doc, currency: str, places: int) -> int:
    """Check one line; what it adds to the debits (or takes away), tax included, in minor units."""
    detail = line.get("JournalEntryLineDetail")
    if detail is None:
        raise missing("JournalEntryLineDetail")
    if detail.get("PostingType") is None:
        raise fault("2260", "A posting type is required. Valid values are Credit or Debit.", "PostingType")
    if detail.get("AccountRef") is None:
        raise missing("AccountRef")
    if line.get("Amount") is None:
        raise missing("Amount")
    if line["Amount"] < 0:
        raise fault("2290", "Negative amounts are not supported on transaction lines.", "Amount")
    minor, line["Amount"] = company.amount(line["Amount"], places)
    _check_account(company, detail, currency)
    tax = _complete_tax(company, detail, places)
    return _sign(detail) * (minor + tax)


def _sign(detail: Doc) -> int:
    return 1 if detail["PostingType"] == "Debit" else -1


def _check_account(company: Company, detail: Doc, currency: str) -> None:
    account = company.record("Account", detail["AccountRef"]["value"])
    assert account is not None, "references are resolved before"
    kept_in = account.document["CurrencyRef"]["value"]
    if kept_in not in (company.home_currency, currency):
        raise business("You can only use one foreign currency per transaction.", "AccountRef")
    wanted = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}.get(account.document["AccountType"])
    entity = detail.get("Entity") or {}
    if wanted is not None and (entity.get("Type") != wanted or "EntityRef" not in entity):
        name = "customer" if wanted == "Customer" else "supplier/vendor"
        raise business(
            f"When you use {account.document['AccountType']}, you must choose a {name} in the Name field.", "Entity"
        )


def _complete_tax(company: Company, detail: Doc, places: int) -> int:
    """The line's tax in minor units; a client's TaxAmount without a tax code means nothing and is dropped."""
    code = detail.get("TaxCodeRef")
    if code is None:
        for name in ("TaxApplicableOn", "TaxAmount", "TaxInclusiveAmt"):
            detail.pop(name, None)
        return 0
    if company.is_us:
        raise fault("6100", "Tax codes on journal lines are not available in this edition.", "TaxCodeRef")
    if detail.get("TaxApplicableOn") is None:
        raise fault("2270", "The TaxApplicableOn entity is required.", "TaxApplicableOn")
    if detail.get("TaxAmount") is None:
        raise fault("2280", "A tax amount is required with TaxCodeRef applied.", "TaxAmount")
    if detail["TaxAmount"] < 0:
        raise fault("2290", "Negative amounts are not supported on transaction lines.", "TaxAmount")
    minor, detail["TaxAmount"] = company.amount(detail["TaxAmount"], places)
    return minor


def _tax_detail(company: Company, lines: Iterable[Doc], places: int) -> Doc:
    """TxnTaxDetail: tax by rate, credits negative; empty where no line has a tax code."""
    by_rate: dict[str, tuple[int, int, Decimal]] = {}
    for line in lines:
        detail = line.get("JournalEntryLineDetail") or {}
        if "TaxCodeRef" not in detail:
            continue
        found = tax_codes.rates(company, detail["TaxCodeRef"]["value"], detail["TaxApplicableOn"])
        if found:
            rate_id, percent = found[0]
            tax, net, _ = by_rate.get(rate_id, (0, 0, percent))
            sign = _sign(detail)
            tax += sign * minor_of(detail["TaxAmount"], places)
            by_rate[rate_id] = (tax, net + sign * minor_of(line["Amount"], places), percent)
    if not by_rate:
        return {}
    return {
        "TotalTax": number_of(sum(tax for tax, _, _ in by_rate.values()), places),
        "TaxLine": [
            {
                "Amount": number_of(tax, places),
                "DetailType": "TaxLineDetail",
                "TaxLineDetail": {
                    "TaxRateRef": {"value": rate_id},
                    "PercentBased": True,
                    "TaxPercent": percent,
                    "NetAmountTaxable": number_of(net, places),
                },
            }
            for rate_id, (tax, net, percent) in by_rate.items()
        ],
    }


def postings(company: Company, record: Record) -> Sequence[Posting]:
    """Each line on its side; a line's tax on the same side of the tax account."""
    places = exponent(record.document["CurrencyRef"]["value"])
    result: list[Posting] = []
    for line in record.document["Line"]:
        detail = line.get("JournalEntryLineDetail")
        if line["DetailType"] == "DescriptionOnly" or detail is None:
            continue
        entity = detail.get("Entity") or {}
        party = (entity["Type"], entity["EntityRef"]["value"]) if "EntityRef" in entity else None
        shared = {
            "memo": line.get("Description", ""),
            "klass": detail.get("ClassRef", {}).get("value"),
            "department": detail.get("DepartmentRef", {}).get("value"),
        }
        amount = _sign(detail) * minor_of(line["Amount"], places)
        result.append(Posting(detail["AccountRef"]["value"], amount, party=party, **shared))
        if detail.get("TaxAmount"):
            tax = _sign(detail) * minor_of(detail["TaxAmount"], places)
            result.append(Posting(chart.system_account(company, "GlobalTaxPayable"), tax, **shared))
    return result


JOURNAL_ENTRIES = Kind(
    name="JournalEntry",
    shape=JOURNAL_ENTRY,
    sequence="Transaction",
    complete=complete,
    postings=postings,
    is_transaction=True,
    numbered=False,
    duplicate_warning=WARN_JOURNAL,
    deletable=True,
    queryable=STAMPS | {"DocNumber", "TxnDate"},
)
