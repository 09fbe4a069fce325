"""Lists of QuickBooks that don't fit what is to be posted: accounts, names, items, classes, locations, tax codes."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from tests.errors.case import ErrorCase
from tests.faults.world import World, world
from tests.orders.making import line, order
from tests.orders.sale_world import ALL, SaleWorld, sale_world
from tieout.commands.documents_check import Agreed
from tieout.domain.account import Group
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.posting_settings import PostingSettings
from tieout.sheets.book import XlwingsBook
from tieout.sheets.build import build_workbook
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.port import ReadTable, Refresh
from tieout.sheets.tax_rule_rows import read_tax_rules

Provoke = Callable[[Path], Iterable[Finding]]
_DAY = date(2026, 1, 31)


def _order(
    before: Callable[[SaleWorld], object] = lambda _: None,
    given: Order | None = None,
    settings: PostingSettings | None = None,
    agreed: Agreed = ALL,
    **practice: Any,
) -> Provoke:
    def provoke(folder: Path) -> Iterable[Finding]:
        with sale_world(folder, settings, **practice) as there:
            before(there)
            return there.post(given or order(line()), agreed=agreed).all_findings

    return provoke


def _reserve_in_costs(folder: Path) -> Iterable[Finding]:
    held = Money(2500, "USD")
    lines = (
        JournalLine(Side.DEBIT, held, "Amazon Odd Costs", Group.RESERVE, "Current Reserve Amount"),
        JournalLine(Side.CREDIT, held, "Amazon Sales", Group.SALES, "Principal"),
    )
    there: World
    with world(folder) as there:
        there.practice.create_as_person("Account", {"Name": "Amazon Odd Costs", "AccountType": "Expense"})
        return there.post([Journal("AMZ-444-1", _DAY, "USD", "Amazon US settlement", lines, "444")]).findings


def _named(kind: str, **fields: Any) -> Callable[[SaleWorld], object]:
    return lambda there: there.there.practice.create_as_person(kind, fields)


def _tax_item_of_income(there: SaleWorld) -> None:
    accounts = there.there.practice.transactions("Account")
    income = next(each["Id"] for each in accounts if each["Name"] == "Amazon Sales")
    body = {"Name": "VAT on Amazon Sales", "Type": "Service", "IncomeAccountRef": {"value": income}}
    there.there.practice.create_as_person("Item", body)


def _stock_of_later(there: SaleWorld) -> None:
    practice = there.there.practice
    by_name = {each["Name"]: each["Id"] for each in practice.transactions("Account")}
    asset = practice.create_as_person(
        "Account", {"Name": "Stock", "AccountType": "Other Current Asset", "AccountSubType": "Inventory"}
    )
    cost = practice.create_as_person(
        "Account", {"Name": "Cost", "AccountType": "Cost of Goods Sold", "AccountSubType": "SuppliesMaterialsCogs"}
    )
    practice.create_as_person(
        "Item",
        {
            "Name": "Mug",
            "Sku": "MUG-1",
            "Type": "Inventory",
            "TrackQtyOnHand": True,
            "QtyOnHand": 5,
            "InvStartDate": "2030-01-01",
            "IncomeAccountRef": {"value": by_name["Amazon Sales"]},
            "ExpenseAccountRef": {"value": cost["Id"]},
            "AssetAccountRef": {"value": asset["Id"]},
        },
    )


def _off(name: str) -> Callable[[SaleWorld], object]:
    return lambda there: there.there.practice.set_preference(name, False)


def _rules(*rows: dict[str, str]) -> Provoke:
    """Rows of the right-hand table of Tax Codes, in a book whose QuickBooks has one code."""

    def provoke(folder: Path) -> Iterable[Finding]:
        path = folder / "Acme.xlsm"
        build_workbook(path, company="Acme", country="GB", company_id="acme")
        book = open_closed(path)
        assert isinstance(book, XlwingsBook), book
        try:
            book.refresh(Refresh("TaxCodes", [{"tax_code": "20.0% S", "active": "Yes"}]))
            table = book.read("TaxRules")
            assert isinstance(table, ReadTable)
            live = book.xlwings_table("TaxRules")
            for number, row in enumerate(rows, start=table.header_row + 1):
                for key, value in row.items():
                    live.parent.range(f"{table.columns[key]}{number}").value = value
            first, last = min(table.columns.values()), max(table.columns.values())
            live.resize(live.parent.range(f"{first}{table.header_row}:{last}{table.header_row + len(rows)}"))
            return read_tax_rules(book)[1]
        finally:
            close_unsaved(path)

    return provoke


CASES = [
    ErrorCase(
        "tax-rules-contradict",
        "Two rules that name different tax codes for the same lines",
        "The most exact rule wins, and of equal ones the latest that has begun. Where two are equal in all of that,"
        " which one is meant is not guessed.",
        _rules({"country": "GB", "code": "20.0% S"}, {"country": "GB", "code": "0.0% Z"}),
    ),
    ErrorCase(
        "tax-code-not-listed",
        "A rule with a tax code that was not there when the lists were read",
        "The list is that of the last Refresh lists. QuickBooks is asked again before anything is sent, and a code"
        " that it lacks then keeps the document out.",
        _rules({"code": "17.5% S"}),
    ),
    ErrorCase(
        "tax-rule-without-code",
        "A row of the tax rules that names no code",
        "A row that says for which lines it is, and not which code they get, counts for nothing.",
        _rules({"country": "GB"}),
    ),
    ErrorCase(
        "account-of-wrong-type",
        "An account in the wrong statement",
        "Reserves are an asset and loans a liability; they, tax, transfers and clearing never touch profit and loss."
        " An account of income or costs can't hold them, whatever it is called.",
        _reserve_in_costs,
    ),
    ErrorCase(
        "party-name-taken",
        "A customer's name that a vendor has",
        "Customers, vendors and employees of QuickBooks share their names, and an inactive one is somebody's.",
        _order(_named("Vendor", DisplayName="Amazon US")),
    ),
    ErrorCase(
        "party-name-not-usable",
        "A name that no customer can be made of",
        "A colon stands between a customer and a sub-customer; a sub-customer is made in QuickBooks, where its parent"
        " is chosen.",
        _order(settings=PostingSettings(customer="Amazon:US")),
    ),
    ErrorCase(
        "item-not-usable",
        "An item that can't be sold",
        "Categories, inactive items and items without an income account take a name, and no line can use them.",
        _order(_named("Item", Name="MUG-1", Type="Category")),
    ),
    ErrorCase(
        "item-before-its-stock",
        "An inventory item that is sold before its stock begins",
        "QuickBooks counts the stock of an inventory item from a day on, and sells nothing of it before.",
        _order(_stock_of_later),
    ),
    ErrorCase(
        "item-posts-to-wrong-account",
        "An item whose account is of the wrong type",
        "Tax and money that only passes through are no income: an item that carries them posts to the balance sheet.",
        _order(
            _tax_item_of_income,
            order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB"),
            country="GB",
            home_currency="GBP",
        ),
    ),
    ErrorCase(
        "classes-off",
        "Classes are turned off in QuickBooks",
        "A class would be left away without a word, and reports by class would not hold the document.",
        _order(_off("AccountingInfoPrefs.ClassTrackingPerTxnLine"), settings=PostingSettings(class_name="Online")),
    ),
    ErrorCase(
        "locations-off",
        "Locations are turned off in QuickBooks",
        "A location would be left away without a word, and reports by location would not hold the document.",
        _order(_off("AccountingInfoPrefs.TrackDepartments"), settings=PostingSettings(location="London")),
    ),
]
