"""Orders, and settlements by orders: what keeps a document from being drafted, posted or undone."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from tests.errors.case import ErrorCase
from tests.orders.making import line, order
from tests.orders.sale_world import ALL, NONE, SaleWorld, sale_world
from tests.orders.test_settled_orders import ONE, SETTLEMENT, settled, two_orders
from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import DAY, document, drafted, order_rows
from tieout.commands.documents_check import Agreed
from tieout.commands.post_documents import post_documents
from tieout.commands.sale_desk import Bundle
from tieout.domain.account import Chart, Group
from tieout.domain.desktop_chart import DesktopAccount, DesktopChart
from tieout.domain.document import Document
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense, ExpenseKind, ExpenseLine
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.payment import Payment, Settles
from tieout.domain.posting_settings import (
    FeeDocument,
    OrderDate,
    OrderDocument,
    OrdersNotDownloaded,
    PostingSettings,
    ZeroOrders,
)
from tieout.domain.tax_rule import TaxRule
from tieout.parse.desktop_chart import read_desktop_chart
from tieout.quickbooks.iif import iif_file
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import draft_order
from tieout.rules.mapping import Mapping
from tieout.rules.match import OrderDecision, PostedOrder, Undocumented
from tieout.rules.posting_settings import posting_settings
from tieout.rules.revenue_once import recorded_already

Provoke = Callable[[Path], Iterable[Finding]]
GERMAN = {"site": "Amazon.de"}


def _draft(given: Order, settings: PostingSettings | None = None, chart: Chart | None = None) -> Provoke:
    us = chart or load_chart("US")
    return lambda _: draft_order(given, settings or PostingSettings(), us, company_country="US")[1]


def _settled(
    rows: list[Row],
    *posted: PostedOrder,
    decisions: dict[str, OrderDecision] | None = None,
    settings: PostingSettings | None = None,
    undocumented: dict[str, Undocumented] | None = None,
    **fields: Any,
) -> Provoke:
    dates = {"end": date(2026, 1, 26), "deposit": date(2026, 1, 28)}
    given = settlement(rows, **{**dates, **fields})
    return lambda _: drafted(given, posted, decisions, settings, undocumented=undocumented).findings


def _post(
    given: Order,
    settings: PostingSettings | None = None,
    *,
    before: Callable[[SaleWorld], object] = lambda _: None,
    agreed: Agreed = ALL,
    book: dict[str, Any] | None = None,
    **practice: Any,
) -> Provoke:
    """Post an order in a fresh company, after something was done there."""

    def provoke(folder: Path) -> Iterable[Finding]:
        with sale_world(folder, settings, **practice) as world:
            before(world)
            return world.post(given, agreed=agreed, **(book or {})).all_findings

    return provoke


def _post_documents(*documents: Draft, **practice: Any) -> Provoke:
    def provoke(folder: Path) -> Iterable[Finding]:
        with sale_world(folder, **practice) as world, world.desk() as desk:
            bundle = Bundle(SETTLEMENT, documents)
            return post_documents([bundle], desk, chart=world.chart(), agreed=ALL).all_findings

    return provoke


def _settle(
    after: Callable[[SaleWorld], Iterable[Finding]],
    settings: PostingSettings | None = None,
    before: Callable[[SaleWorld], object] = lambda _: None,
) -> Provoke:
    """Post two orders, do something, settle them, and see what comes of the rest."""

    def provoke(folder: Path) -> Iterable[Finding]:
        with sale_world(folder, settings) as world:
            world.post(*two_orders())
            before(world)
            return after(world)

    return provoke


def _two_of_a_sku(world: SaleWorld) -> None:
    income = next(each["Id"] for each in world.held("Account") if each["Name"] == "Amazon Sales")
    for name in ("Blue mug", "Red mug"):
        body = {"Name": name, "Sku": "MUG-1", "Type": "Service", "IncomeAccountRef": {"value": income}}
        world.there.practice.create_as_person("Item", body)


def _preference(name: str) -> Callable[[SaleWorld], None]:
    return lambda world: world.there.practice.set_preference(name, False)


def _euro_customer(world: SaleWorld) -> None:
    body = {"DisplayName": "Amazon US", "CurrencyRef": {"value": "EUR"}}
    world.there.practice.create_as_person("Customer", body)


def _too_long(folder: Path) -> Iterable[Finding]:
    with mock.patch("tieout.commands.documents_check.QUICKBOOKS_SALE_LINES_MAX", 1):
        return _post(order(line(), line("CAP-1")))(folder)


def _posted_otherwise(folder: Path) -> Iterable[Finding]:
    with sale_world(folder) as world:
        world.post(order(line()))
        return world.post(order(line(price="25.00"))).all_findings


def _deleted_before_it_is_paid(world: SaleWorld) -> Iterable[Finding]:
    world.there.practice.delete_as_person("Invoice", world.held("Invoice")[0]["Id"])
    return world.settle(settled()).all_findings


def _undo_paid(world: SaleWorld) -> Iterable[Finding]:
    world.settle(settled())
    return world.undo(ONE, settlement_ids=[SETTLEMENT]).findings


def _two_receivables(world: SaleWorld) -> Iterable[Finding]:
    world.settle(settled())
    body = {"Name": "Debtors", "AccountType": "Accounts Receivable", "AccountSubType": "AccountsReceivable"}
    world.there.practice.create_as_person("Account", body)
    world.there.practice.close_books(date(2026, 1, 31))
    return world.unsettle(SETTLEMENT).findings


def _numbers(_: Path) -> Iterable[Finding]:
    with mock.patch("tieout.rules.settlement_numbers._DIGEST_CHARACTERS_MIN", 20):
        return drafted(settlement(order_rows(ONE, 100), settlement_id="x"), [document(ONE, 100)]).findings


def _recorded_already(_: Path) -> Iterable[Finding]:
    return recorded_already(settlement(order_rows(ONE, 2000)), Mapping(load_chart("US")), {ONE})


def _sale_of_two_groups(_: Path) -> Iterable[Finding]:
    given = order(line(price="24.00", shipping_price="4.80", currency="GBP"), country="GB")
    rules = (TaxRule("20.0% S", "GB", Group.SALES),)
    return draft_order(given, PostingSettings(), load_chart("GB"), company_country="GB", tax_rules=rules)[1]


def _expense(currency: str, *codes: str) -> Expense:
    lines = tuple(
        ExpenseLine("Amazon Storage Fees", Group.STORAGE, f"fee {number}", Money(100, currency), code)
        for number, code in enumerate(codes)
    )
    number = f"AMZ-{SETTLEMENT}-1E"
    return Expense(ExpenseKind.EXPENSE, number, DAY, currency, "Amazon", "Amazon Clearing", "fees", lines, SETTLEMENT)


def _iif(draft: Draft, home: str = "USD", *accounts: str) -> Provoke:
    chart = DesktopChart(tuple(DesktopAccount(name, "BANK") for name in accounts))
    return lambda _: iif_file([draft], chart, home)[1]


def _no_chart(_: Path) -> Iterable[Finding]:
    found = read_desktop_chart(Document.of("list.csv", b"a,b\n1,2\n"))
    return [found] if isinstance(found, Finding) else []


PAYMENT = Payment(
    "AMZ-1-1P", DAY, "USD", "Amazon US", "Amazon Clearing", "", (Settles("Invoice", ONE, Money(1, "USD")),), "1"
)
JOURNAL = Journal(
    "AMZ-1-1",
    DAY,
    "USD",
    "",
    tuple(JournalLine(side, Money(100, "USD"), "Amazon Fees", Group.OTHER, "x") for side in Side),
    "1",
)

SETTINGS = [
    ErrorCase(
        "setting-not-allowed",
        "A setting that is none of its choices",
        "Settings are read whole before any of them is used: one that was meant otherwise would be a wrong document.",
        lambda _: posting_settings({"order_document": "Quotation"}, "US")[1],
    ),
    ErrorCase(
        "number-prefix-not-usable",
        "A prefix that can't begin a number",
        "QuickBooks keeps 21 characters of a number; Amazon's order id takes 19. Numbers are how our documents are"
        " found again, so they are capitals, digits and hyphens only.",
        lambda _: posting_settings({"order_prefix": "AMZ"}, "US")[1],
    ),
]

ORDERS = [
    ErrorCase(
        "order-needs-no-document",
        "Orders are recorded by their settlement",
        "By the method Settlement summary, or where Orders become says Nothing, an order has no document of its own.",
        _draft(order(line()), PostingSettings(order_document=OrderDocument.NONE)),
    ),
    ErrorCase(
        "order-sold-elsewhere",
        "A multi-channel order",
        "Amazon shipped it, and somebody else sold it. Its fee comes with the settlement; its revenue is elsewhere.",
        _draft(order(line(price="0.00"), order_id="S01-1234567-1234567")),
    ),
    ErrorCase(
        "order-status-does-not-post",
        "A status that is never posted",
        "Pending orders have no price yet, cancelled ones never will; a status that nobody knows is asked about.",
        _draft(order(line(), status="Pending")),
    ),
    ErrorCase(
        "order-without-price",
        "An order without a price",
        "Amazon tells no price until the buyer's payment is authorised.",
        _draft(order(line(price=""), currency="")),
    ),
    ErrorCase(
        "order-currencies-differ",
        "An order in two currencies",
        "Amazon's orders have one currency; a file with two was put together by hand.",
        _draft(order(line(), line(currency="EUR"))),
    ),
    ErrorCase(
        "order-total-negative",
        "An order that comes to less than nothing",
        "QuickBooks takes no negative invoice, and Amazon makes no such order.",
        _draft(order(line(item_promotion="30.00"))),
    ),
    ErrorCase(
        "order-of-zero-left-out",
        "An order of zero, left out by choice",
        "Replacements and free goods are kept unless the setting says otherwise.",
        _draft(order(line(price="0.00")), PostingSettings(zero_orders=ZeroOrders.LEAVE_OUT)),
    ),
    ErrorCase(
        "order-before-start",
        "An order from before the start",
        "What is dated before the day Nothing before is in the books already.",
        _draft(order(line()), PostingSettings(start_date=date(2027, 1, 1))),
    ),
    ErrorCase(
        "order-waits-for-deposit",
        "A document that bears the day of a deposit yet to come",
        "Which day that is, the settlement tells that pays the order.",
        _draft(order(line()), PostingSettings(order_date=OrderDate.DEPOSIT)),
    ),
    ErrorCase(
        "ship-date-missing",
        "Amazon tells no ship date",
        "Where documents bear the ship date, an order without one is held. Amazon tells ship times through its Orders"
        " API, of orders that the seller ships; order reports have none, and of what Amazon ships it tells none. The"
        " order date or the deposit date is known of every order.",
        _draft(order(line()), PostingSettings(order_date=OrderDate.SHIP)),
    ),
    ErrorCase(
        "document-account-missing",
        "No account for a line of a document",
        "Each line posts to the account that plays its part in the chart.",
        _draft(
            order(line(shipping_price="1.00")),
            chart=replace(
                load_chart("US"),
                accounts=tuple(a for a in load_chart("US").accounts if a.role != "shipping_income"),
            ),
        ),
    ),
    ErrorCase(
        "tax-code-not-chosen",
        "A line without a tax code beside lines that have one",
        "Outside the US QuickBooks wants a code on every line of a document, or none at all. Which one was meant is"
        " not guessed.",
        _sale_of_two_groups,
    ),
    ErrorCase(
        "order-recorded-in-summary",
        "An order whose settlement recorded it",
        "An order is revenue once: by its own document or in the summary of a settlement, never both.",
        _post(order(line()), book={"in_summary": {order(line()).order_id: SETTLEMENT}}),
    ),
]

SETTLED = [
    ErrorCase(
        "settled-orders-in-summary",
        "Settled orders without documents, recorded by their settlement",
        "Settlements never wait for orders: what was never downloaded, or is not to have a document, is recorded in"
        " the settlement's journal, and one line says which orders and why. It is a notice, and posts.",
        _settled(order_rows(ONE, 2000)),
    ),
    ErrorCase(
        "settled-orders-not-posted",
        "Settled orders that wait to be posted",
        "Orders that this settlement pays are downloaded, and would get documents of their own when orders are"
        " posted. Post them first; or let the settlement's journal record them, and they get none.",
        _settled(order_rows(ONE, 2000), undocumented={ONE: Undocumented(True)}),
    ),
    ErrorCase(
        "settled-order-not-posted",
        "A settled order without a document, where Settings say Ask",
        "Amazon paid for an order that was not downloaded or not posted. Download it, post it in the summary, or"
        " ignore it with a reason. What was decided stays told, as a notice.",
        _settled(order_rows(ONE, 2000), settings=PostingSettings(orders_not_downloaded=OrdersNotDownloaded.ASK)),
    ),
    ErrorCase(
        "order-settled-in-part",
        "Less was settled than invoiced",
        "An order that ships in two parcels may be paid in two settlements. What is left stays open on its invoice.",
        _settled(order_rows(ONE, 1200), document(ONE, 2000)),
    ),
    ErrorCase(
        "order-settled-otherwise",
        "More was settled than invoiced",
        "The amounts are compared order by order; by how much they differ, and why as far as the lines tell, is said"
        " before anything is posted.",
        _settled(order_rows(ONE, 2500), document(ONE, 2000)),
    ),
    ErrorCase(
        "tax-withheld-after-all",
        "Tax on your return that Amazon withheld",
        "Outside North America an order does not tell that Amazon will pay its tax; the settlement does. A document"
        " that put the tax on your return has to be posted again with another code.",
        _settled(
            order_rows(ONE, 2000, tax=380, withheld=-380, **GERMAN),
            replace(document(ONE, 2380, tax=380, currency="EUR"), tax_on_return=True),
            country="DE",
            currency="EUR",
        ),
    ),
    ErrorCase(
        "order-settled-in-other-currency",
        "An invoice in another currency than its settlement",
        "An order is in its marketplace's currency, and so is the settlement that pays it.",
        _settled(order_rows(ONE, 2000), document(ONE, 2000, currency="EUR")),
    ),
    ErrorCase(
        "refund-without-invoices",
        "A refund that no invoice uses up",
        "A credit memo is used up by the payment of its customer's invoices in the same settlement. Where there are"
        " too few, the refund is paid from clearing by a refund receipt, so that clearing returns to zero.",
        _settled(order_rows(ONE, -500, occasion="Refund")),
    ),
    ErrorCase(
        "payment-date-missing",
        "A settlement without a deposit date",
        "Payments and the transfer bear the deposit date; without one, the settlement's end.",
        _settled(order_rows(ONE, 2000), document(ONE, 2000), deposit=None),
    ),
    ErrorCase(
        "settlement-without-numbers",
        "More documents than numbers",
        "A number holds the settlement id, the document's count and its kind in 21 characters.",
        _numbers,
    ),
    ErrorCase(
        "orders-recorded-already",
        "A summary that would record orders twice",
        "Orders of this settlement have documents of their own. Post it by orders, or take those documents out.",
        _recorded_already,
    ),
]

NAMES = [
    ErrorCase(
        "customer-missing",
        "A customer that QuickBooks lacks",
        "Customers are made only when you agree. One for each marketplace keeps the list short.",
        _post(order(line()), agreed=NONE),
    ),
    ErrorCase(
        "vendor-missing",
        "A vendor that QuickBooks lacks",
        "Expenses, checks and bills are a vendor's; vendors are made only when you agree.",
        _settle(
            lambda world: world.settle(settled(), agreed=Agreed(accounts=True)).all_findings,
            PostingSettings(fee_document=FeeDocument.BILL),
        ),
    ),
    ErrorCase(
        "party-of-other-currency",
        "A customer or vendor in another currency",
        "A customer or vendor of QuickBooks has one currency for good, and its documents are in it.",
        _post(order(line()), before=_euro_customer),
    ),
    ErrorCase(
        "item-missing",
        "An item that QuickBooks lacks",
        "By SKU, each line uses the item with its seller SKU. Missing ones are proposed, never made unasked.",
        _post(order(line()), agreed=NONE),
    ),
    ErrorCase(
        "item-ambiguous",
        "One SKU on several items",
        "Which of them was sold is not guessed.",
        _post(order(line()), before=_two_of_a_sku),
    ),
    ErrorCase(
        "location-unknown",
        "A location that QuickBooks lacks",
        "Locations are those of your company, by their whole names.",
        _post(order(line()), PostingSettings(location="Moon")),
    ),
]

POSTING = [
    ErrorCase(
        "numbers-assigned-by-quickbooks",
        "QuickBooks numbers sales forms itself",
        "Our numbers are how a document is found again after a lost answer, so that nothing is posted twice.",
        _post(order(line()), before=_preference("SalesFormsPrefs.CustomTxnNumbers")),
    ),
    ErrorCase(
        "sales-tax-off",
        "Tax is turned off in QuickBooks",
        "A document with tax would lose it, and its total would not be the order's.",
        _post(order(line(item_tax="1.00", tax_responsible="Seller")), before=_preference("TaxPrefs.UsingSalesTax")),
    ),
    ErrorCase(
        "tax-code-holds-no-tax",
        "A tax code that can't hold the tax Amazon told",
        "Tax is taken from Amazon's rows; a code without a rate has no place for it.",
        _post(
            order(line(price="24.00", item_tax="4.00", currency="GBP"), country="GB"),
            tax_rules=(TaxRule("No VAT"),),
            country="GB",
            home_currency="GBP",
        ),
    ),
    ErrorCase(
        "expense-tax-codes-mixed",
        "Fees with and without a tax code in one document",
        "Outside the US QuickBooks wants a code on every line of an expense or bill, or none at all.",
        _post_documents(_expense("GBP", "20.0% S", ""), country="GB", home_currency="GBP"),
    ),
    ErrorCase(
        "document-too-long",
        "A document with very many lines",
        "A request to QuickBooks has to be done in 120 seconds. Amazon's orders have a handful of lines.",
        _too_long,
    ),
    ErrorCase(
        "paid-document-not-posted",
        "A payment for something that is not in the books",
        "A payment is linked to the documents it pays, so these go first.",
        _post_documents(PAYMENT),
    ),
    ErrorCase(
        "document-posted-otherwise",
        "A document that was posted otherwise",
        "What is in the books stays until you undo it, also if the order, a mapping or a setting changes afterwards.",
        _posted_otherwise,
    ),
    ErrorCase(
        "earlier-document-not-posted",
        "A document that waits for another one",
        "Payments go after what they pay, and the transfer last, so that clearing never shows half of a settlement"
        " as done.",
        _settle(_deleted_before_it_is_paid),
    ),
]

UNDO = [
    ErrorCase(
        "paid-by-settlement",
        "An invoice that a settlement paid",
        "Payments go before invoices: undo the settlement first, or both together.",
        _settle(_undo_paid),
    ),
    ErrorCase(
        "not-reversible",
        "A closed period, and nothing that takes it back exactly",
        "A payment is taken back by a journal on the receivables account of its currency. There has to be one only.",
        _settle(_two_receivables),
    ),
]

DESKTOP = [
    ErrorCase(
        "desktop-chart-unreadable",
        "A file that is no chart of accounts",
        "IIF files are written on accounts of an uploaded chart only: Desktop makes an account of any other name.",
        _no_chart,
    ),
    ErrorCase(
        "iif-kind-not-written",
        "A document that IIF files don't carry here",
        "Files for QuickBooks Desktop carry journals, bills and checks.",
        _iif(PAYMENT),
    ),
    ErrorCase(
        "iif-currency-not-home",
        "A foreign document for QuickBooks Desktop",
        "IIF has no place for a currency.",
        _iif(JOURNAL, "EUR", "Amazon Fees"),
    ),
    ErrorCase(
        "iif-account-unknown",
        "An account that the uploaded chart lacks",
        "QuickBooks Desktop would make an account of that name, of the wrong type, and there is no undo.",
        _iif(JOURNAL),
    ),
]

CASES = [*SETTINGS, *ORDERS, *SETTLED, *NAMES, *POSTING, *UNDO, *DESKTOP]
