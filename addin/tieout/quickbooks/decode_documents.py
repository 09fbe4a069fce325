"""Sales documents, payments and the like as QuickBooks holds them, or as our own bytes say: exact to the minor unit.

What a document says outside its lines (customer, account, location, tax, total, what it settles) becomes lines too,
so that one comparison finds every change: `domain.books.differences`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from tieout.domain.books import BooksDocument, BooksLine
from tieout.domain.journal import Side
from tieout.domain.money import Money
from tieout.domain.private_note import read_note
from tieout.quickbooks import decode
from tieout.quickbooks.decode import Json, UnreadableAnswer
from tieout.quickbooks.exact_json import amount

_ITEM, _DISCOUNT, _SUBTOTAL = "SalesItemLineDetail", "DiscountLineDetail", "SubTotalLineDetail"
_ACCOUNT = "AccountBasedExpenseLineDetail"


def sale(entity: str) -> Callable[[Json, str, str], BooksDocument]:
    """The reader of Invoice, SalesReceipt, CreditMemo or RefundReceipt."""

    def read(found: Json, home_currency: str, intuit_tid: str = "") -> BooksDocument:
        currency = _currency(found, home_currency)
        inside = found.get("GlobalTaxCalculation") == "TaxInclusive"
        lines = list(_sale_lines(found, currency, inside=inside))
        stated = Money.total((line.amount for line in lines), currency)
        if not inside:
            tax = amount((found.get("TxnTaxDetail") or {}).get("TotalTax", 0), currency)
            stated = stated + tax
            lines.append(_said("tax", tax))
        total = amount(found["TotalAmt"], currency) if "TotalAmt" in found else stated
        lines.append(_said("total", total))
        lines.append(_named("customer", found, "CustomerRef", currency))
        lines += _if_named(found, currency, ("deposit to", "DepositToAccountRef"), ("location", "DepartmentRef"))
        return _document(entity, found, home_currency, total, lines, intuit_tid)

    return read


def payment(found: Json, home_currency: str, intuit_tid: str = "") -> BooksDocument:
    """A customer's payment; its number is PaymentRefNum."""
    currency = _currency(found, home_currency)
    total = amount(found["TotalAmt"], currency)
    lines = [*_links(found, currency), _said("total", total), _named("customer", found, "CustomerRef", currency)]
    lines += _if_named(found, currency, ("deposit to", "DepositToAccountRef"), ("location", "DepartmentRef"))
    return _document("Payment", found, home_currency, total, lines, intuit_tid, str(found.get("PaymentRefNum", "")))


def bill_payment(found: Json, home_currency: str, intuit_tid: str = "") -> BooksDocument:
    """The payment of bills."""
    currency = _currency(found, home_currency)
    total = amount(found["TotalAmt"], currency)
    lines = [*_links(found, currency), _said("total", total), _named("vendor", found, "VendorRef", currency)]
    lines += _if_named(found, currency, ("location", "DepartmentRef"))
    lines += _if_named(found.get("CheckPayment") or {}, currency, ("paid from", "BankAccountRef"))
    lines += _if_named(found.get("CreditCardPayment") or {}, currency, ("paid from", "CCAccountRef"))
    return _document("BillPayment", found, home_currency, total, lines, intuit_tid)


def transfer(found: Json, home_currency: str, intuit_tid: str = "") -> BooksDocument:
    """A transfer; it has no number of its own: ours stands in its private note."""
    currency = _currency(found, home_currency)
    moved = amount(found["Amount"], currency)
    lines = [
        BooksLine(side, moved, _ref(found, name), account_name=_name(found, name))
        for side, name in ((Side.CREDIT, "FromAccountRef"), (Side.DEBIT, "ToAccountRef"))
    ]
    note = read_note(str(found.get("PrivateNote", "")))
    number = note.number if note is not None else ""
    return _document("Transfer", found, home_currency, moved, lines, intuit_tid, number)


def cost(entity: str) -> Callable[[Json, str, str], BooksDocument]:
    """The reader of Purchase, Bill or VendorCredit."""

    def read(found: Json, home_currency: str, intuit_tid: str = "") -> BooksDocument:
        currency = _currency(found, home_currency)
        inside = found.get("GlobalTaxCalculation") == "TaxInclusive"
        lines = list(_cost_lines(found, currency, inside=inside))
        stated = Money.total((line.amount for line in lines), currency)
        total = amount(found["TotalAmt"], currency) if "TotalAmt" in found else stated
        lines.append(_said("total", total))
        lines += _if_named(
            found,
            currency,
            ("vendor", "EntityRef" if entity == "Purchase" else "VendorRef"),
            ("paid from", "AccountRef"),
            ("location", "DepartmentRef"),
        )
        if entity == "Purchase":
            lines.append(_said(f"{found.get('PaymentType', '')}{' credit' if found.get('Credit') else ''}", total))
        return _document(entity, found, home_currency, total, lines, intuit_tid)

    return read


READERS: Mapping[str, Callable[[Json, str, str], BooksDocument]] = MappingProxyType(
    {
        "JournalEntry": decode.journal_entry,
        "Payment": payment,
        "BillPayment": bill_payment,
        "Transfer": transfer,
        **{entity: sale(entity) for entity in ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")},
        **{entity: cost(entity) for entity in ("Purchase", "Bill", "VendorCredit")},
    }
)


def number_property(entity: str) -> str:
    """The property by which a kind of document is asked for by number; empty where there is none."""
    return {"Payment": "PaymentRefNum", "Transfer": ""}.get(entity, "DocNumber")


def _document(
    entity: str,
    found: Json,
    home_currency: str,
    total: Money,
    lines: list[BooksLine],
    intuit_tid: str,
    number: str | None = None,
) -> BooksDocument:
    try:
        day = date.fromisoformat(found["TxnDate"])
    except (KeyError, ValueError):
        raise UnreadableAnswer(f"{entity} {found.get('Id')} has no date") from None
    return BooksDocument(
        entity=entity,
        doc_number=str(found.get("DocNumber", "")) if number is None else number,
        day=day,
        currency=_currency(found, home_currency),
        total=total,
        note=str(found.get("PrivateNote", "")),
        lines=tuple(lines),
        id=str(found.get("Id", "")),
        sync_token=str(found.get("SyncToken", "")),
        intuit_tid=intuit_tid,
    )


def _sale_lines(found: Json, currency: str, *, inside: bool) -> Iterator[BooksLine]:
    for line in found.get("Line", ()):
        kind = line.get("DetailType")
        if kind == _SUBTOTAL or "Amount" not in line:
            continue
        detail = line.get(kind) or {}
        told = amount(_gross(detail, line) if inside else line["Amount"], currency)
        if kind == _DISCOUNT:
            yield BooksLine(None, -told, "discount", str(line.get("Description", "")))
        elif kind != _ITEM or _ref(detail, "ItemRef") or told:
            yield BooksLine(
                side=None,
                amount=told,
                account_id=f"item {_ref(detail, 'ItemRef')}",
                description=str(line.get("Description", "")),
                tax_code_id=_ref(detail, "TaxCodeRef"),
                class_id=_ref(detail, "ClassRef"),
                account_name=_name(detail, "ItemRef"),
            )


def _cost_lines(found: Json, currency: str, *, inside: bool) -> Iterator[BooksLine]:
    for line in found.get("Line", ()):
        if "Amount" not in line:
            continue
        kind = line.get("DetailType")
        detail = line.get(kind) or {}
        item = f"item {_ref(detail, 'ItemRef')}"
        yield BooksLine(
            side=None,
            amount=amount(_gross(detail, line) if inside else line["Amount"], currency),
            account_id=_ref(detail, "AccountRef") if kind == _ACCOUNT else item,
            description=str(line.get("Description", "")),
            tax_code_id=_ref(detail, "TaxCodeRef"),
            class_id=_ref(detail, "ClassRef"),
            account_name=_name(detail, "AccountRef"),
        )


def _gross(detail: Json, line: Json) -> Any:
    """A line's amount with its tax; QuickBooks leaves it out where it is the same."""
    return detail.get("TaxInclusiveAmt") or line["Amount"]


def _links(found: Json, currency: str) -> Iterator[BooksLine]:
    """What a payment settles, as lines."""
    for line in found.get("Line", ()):
        for link in line.get("LinkedTxn", ()):
            yield BooksLine(None, amount(line["Amount"], currency), f"{link['TxnType']} {link['TxnId']}", "settles")


def _said(what: str, told: Money) -> BooksLine:
    """An amount that a document states outside its lines."""
    return BooksLine(None, told, what, what)


def _named(what: str, found: Json, name: str, currency: str) -> BooksLine:
    """Somebody or something that a document names outside its lines."""
    label = f"{what} {_name(found, name)}".strip()
    return BooksLine(None, Money.zero(currency), f"{what} {_ref(found, name)}", what, account_name=label)


def _if_named(found: Json, currency: str, *names: tuple[str, str]) -> list[BooksLine]:
    return [_named(what, found, name, currency) for what, name in names if _ref(found, name)]


def _currency(found: Json, home_currency: str) -> str:
    return _ref(found, "CurrencyRef") or home_currency


def _ref(found: Json, name: str) -> str:
    return str((found.get(name) or {}).get("value", ""))


def _name(found: Json, name: str) -> str:
    return str((found.get(name) or {}).get("name", ""))
