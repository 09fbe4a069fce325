"""QuickBooks' lists that documents name: read whole, page by page; entries made only when asked for."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from tieout.domain.books_lists import (
    BooksItem,
    BooksParty,
    BooksRate,
    SalePreferences,
    SaleTaxCode,
    UnusableEntry,
)
from tieout.domain.money import InexactAmount, minor_from_plain
from tieout.limits import QUICKBOOKS_NAME_CHARACTERS_MAX
from tieout.ports import Reply
from tieout.quickbooks.decode import Json, UnreadableAnswer
from tieout.quickbooks.exact_json import write_json
from tieout.quickbooks.kept_lists import ACTIVE_TOO
from tieout.quickbooks.readable import readable
from tieout.sale_ports import NameReply

_RATE_PLACES = 4  # a percentage to millionths of the net price
_DELETED = re.compile(r" \(deleted(?: \d+)?\)\Z")
_FORBIDDEN = str.maketrans({":": "-", "\t": " ", "\n": " ", "\r": " ", '"': "'"})

# Reads the rows of a query; creates an object and says what its answer means, with the object's id.
Rows = Callable[[str, Sequence[str]], list[Json]]
Create = Callable[[str, bytes, str], tuple[Reply, str]]


class QuickBooksLists:
    """The lists of one company."""

    def __init__(self, rows: Rows, create: Create, preferences: Callable[[], Json], home: Callable[[], str]) -> None:
        self._rows = rows
        self._create = create
        self._preferences = preferences
        self._home = home

    @readable
    def preferences(self) -> SalePreferences:
        """Sales tax, own numbers, classes and locations; read anew each time."""
        found = self._preferences()
        accounting, sales = found.get("AccountingInfoPrefs", {}), found.get("SalesFormsPrefs", {})
        return SalePreferences(
            uses_sales_tax=bool(found.get("TaxPrefs", {}).get("UsingSalesTax", False)),
            own_numbers=bool(sales.get("CustomTxnNumbers", False)),
            classes=bool(accounting.get("ClassTrackingPerTxnLine") or accounting.get("ClassTrackingPerTxn")),
            locations=bool(accounting.get("TrackDepartments", False)),
        )

    @readable
    def customers(self) -> tuple[BooksParty, ...]:
        """The active customers, by their whole names."""
        return self._parties("Customer", "FullyQualifiedName")

    @readable
    def vendors(self) -> tuple[BooksParty, ...]:
        """The active vendors."""
        return self._parties("Vendor", "DisplayName")

    @readable
    def unusable_parties(self, kind: str) -> tuple[UnusableEntry, ...]:
        """What takes a name that a "Customer" (or "Vendor") would bear: inactive ones, and all of the other kind.

        QuickBooks' customers, vendors and employees share their names (Intuit, error 6240); employees are not read.
        """
        other = "Vendor" if kind == "Customer" else "Customer"
        inactive = (each for each in self._rows(kind, ACTIVE_TOO) if not each.get("Active", True))
        return (
            *(UnusableEntry(_plain_name(each), "", f"an inactive {kind.lower()}") for each in inactive),
            *(
                UnusableEntry(_plain_name(each), "", f"a {other.lower()}, and no {kind.lower()} can have its name")
                for each in self._rows(other, ACTIVE_TOO)
            ),
        )

    @readable
    def items(self) -> tuple[BooksItem, ...]:
        """The active items that can be sold; categories are none."""
        return tuple(
            BooksItem(
                id=str(each["Id"]),
                name=_item_name(each),
                sku=str(each.get("Sku", "")),
                kind=str(each.get("Type", "")),
                income_account=str(each["IncomeAccountRef"]["value"]),
                stock_from=_stock_from(each),
            )
            for each in self._rows("Item", ())
            if _can_be_sold(each)
        )

    @readable
    def unusable_items(self) -> tuple[UnusableEntry, ...]:
        """The items that take a name or a SKU, and can't be sold."""
        return tuple(
            UnusableEntry(_plain_name(each), str(each.get("Sku", "")), _why_unsold(each))
            for each in self._rows("Item", ACTIVE_TOO)
            if not _can_be_sold(each) or not each.get("Active", True)
        )

    @readable
    def locations(self) -> Mapping[str, str]:
        """The ids of the active locations, by full name."""
        return {str(each["FullyQualifiedName"]): str(each["Id"]) for each in self._rows("Department", ())}

    @readable
    def sale_tax_codes(self) -> tuple[SaleTaxCode, ...]:
        """The active tax codes; TAX and NON of US companies are none, since they have no rates and no number."""
        percents = {str(rate["Id"]): rate.get("RateValue", 0) for rate in self._rows("TaxRate", ())}
        return tuple(
            SaleTaxCode(
                str(code["Id"]),
                str(code["Name"]),
                _rates(code, "SalesTaxRateList", percents),
                _rates(code, "PurchaseTaxRateList", percents),
            )
            for code in self._rows("TaxCode", ())
            if str(code["Id"]).isdigit()
        )

    def create_customer(self, name: str, currency: str, request_id: str) -> NameReply:
        """Make a customer with a currency of its own where there are several."""
        return self._party("Customer", name, currency, request_id)

    def create_vendor(self, name: str, currency: str, request_id: str) -> NameReply:
        """Make a vendor."""
        return self._party("Vendor", name, currency, request_id)

    def create_item(self, name: str, sku: str, income_account: str, request_id: str) -> NameReply:
        """Make an item that posts to an account. Its stock is not tracked: that is the user's to begin."""
        body = {
            "Name": list_name(name),
            "Type": "NonInventory" if sku else "Service",
            "IncomeAccountRef": {"value": income_account},
        }
        if sku:
            body["Sku"] = sku[:QUICKBOOKS_NAME_CHARACTERS_MAX]
        return self._created("Item", body, request_id)

    def _parties(self, entity: str, name: str) -> tuple[BooksParty, ...]:
        return tuple(
            BooksParty(
                id=str(each["Id"]),
                name=str(each.get(name) or each["DisplayName"]),
                currency=str((each.get("CurrencyRef") or {}).get("value") or self._home()),
                display_name=str(each["DisplayName"]),
            )
            for each in self._rows(entity, ())
        )

    def _party(self, entity: str, name: str, currency: str, request_id: str) -> NameReply:
        body: dict[str, Any] = {"DisplayName": name}
        if currency:
            body["CurrencyRef"] = {"value": currency}
        return self._created(entity, body, request_id)

    def _created(self, entity: str, body: Mapping[str, Any], request_id: str) -> NameReply:
        reply, found = self._create(entity, write_json(body), request_id)
        return NameReply(reply.outcome, found, reply.finding, reply.intuit_tid)


def list_name(text: str) -> str:
    """A name that QuickBooks' lists take: no colon, tab, line break or quotation mark, within their length."""
    return text.translate(_FORBIDDEN)[:QUICKBOOKS_NAME_CHARACTERS_MAX]


def _item_name(item: Json) -> str:
    return str(item.get("FullyQualifiedName") or item["Name"])


def _can_be_sold(item: Json) -> bool:
    return "IncomeAccountRef" in item and item.get("Type") != "Category"


def _stock_from(item: Json) -> date | None:
    return date.fromisoformat(str(item["InvStartDate"])[:10]) if item.get("InvStartDate") else None


def _why_unsold(item: Json) -> str:
    if item.get("Type") == "Category":
        return "a category of items, which can't be sold itself"
    return "an inactive item" if not item.get("Active", True) else "an item without an income account"


def _plain_name(entry: Json) -> str:
    """The whole name of an entry, without what QuickBooks adds when it is made inactive."""
    return _DELETED.sub("", str(entry.get("FullyQualifiedName") or entry.get("DisplayName") or entry.get("Name", "")))


def _rates(code: Json, side: str, percents: Mapping[str, Any]) -> tuple[BooksRate, ...]:
    details = (code.get(side) or {}).get("TaxRateDetail", ())
    ids = [str(detail["TaxRateRef"]["value"]) for detail in details]
    try:
        return tuple(BooksRate(each, minor_from_plain(_plain(percents[each]), _RATE_PLACES)) for each in ids)
    except (KeyError, InexactAmount) as error:
        raise UnreadableAnswer(f"tax code {code.get('Name')} has a rate that can't be read: {error}") from None


def _plain(value: Any) -> str:
    return format(value, "f") if not isinstance(value, int | str) else str(value)
