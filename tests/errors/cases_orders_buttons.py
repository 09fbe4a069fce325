"""The buttons of Amazon and of orders."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

from tests.errors.case import ErrorCase
from tieout.buttons import press_closed
from tieout.commands import order_findings
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.origin import Cell
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.sheets.book import XlwingsBook
from tieout.sheets.build import build_workbook
from tieout.sheets.excel_settings import SETTINGS_VARIABLE
from tieout.sheets.opening import close_unsaved, file_trouble, open_closed
from tieout.sheets.port import ReadTable
from tieout.sheets.status_filters import read_status_filters
from tieout.wiring import companies, company_id_of, open_company


def _made(folder: Path) -> Path:
    """A workbook of a company that is connected to nothing; TIEOUT_HOME must be set."""
    from tieout.commands.companies import new_company

    company = new_company("Acme", "US", None)
    assert not isinstance(company, Finding)
    companies().add(company)
    with open_company("Acme") as opened:
        company_id = company_id_of(opened)
    path = folder / "Acme.xlsm"
    build_workbook(path, company="Acme", country="US", company_id=company_id)
    return path


def _pressed(folder: Path, button: str, *rows: str) -> Iterable[Finding]:
    """What a button says in a new workbook."""
    with mock.patch.dict("os.environ", {"TIEOUT_HOME": str(folder / "home"), SETTINGS_VARIABLE: ""}):
        return press_closed(button, _made(folder), rows=rows).outcome.findings


def _typed_post() -> Iterable[Finding]:
    """Post, typed for orders that are pending."""
    folder = Path(mkdtemp(prefix="tieout-cases-"))
    path = folder / "Acme.xlsm"
    build_workbook(path, company="Acme", country="US", company_id="acme")
    book = open_closed(path)
    assert isinstance(book, XlwingsBook), book
    table = book.read("StatusFilters")
    assert isinstance(table, ReadTable)
    sheet = book.xlwings_table("StatusFilters").parent
    sheet.range(f"{table.columns['pending']}{table.rows[0].number}").value = "Download and post"
    findings = read_status_filters(book).findings
    close_unsaved(path)
    return findings


ORDER_ID = "112-0099710-3188663"
POSTED = Posting(
    PostingKey("1", "Invoice", ORDER_ID),
    PostingState.POSTED,
    "0" * 64,
    "r",
    b"{}",
    quickbooks_id="145",
    subject=ORDER_ID,
)


CASES = [
    ErrorCase(
        "order-changed-after-posting",
        "An order that changed at Amazon after it was posted",
        "Amazon may change an order late: an item is cancelled, a price corrected. Its document in QuickBooks then"
        " says what it said when it was posted. Nothing is changed unasked. Replace the posting undoes it and posts"
        " the order as it is now; Accept the difference keeps it, and the reason is kept in the log.",
        lambda _: [order_findings.changed_since(ORDER_ID, POSTED, Money(4212, "USD"), Money(3999, "USD"))],
    ),
    ErrorCase(
        "order-changed-in-quickbooks",
        "Somebody changed an order's document in QuickBooks",
        "Reconcile reads back the documents of the orders shown, and Undo those it is to take out. One that says"
        " something else than was posted is left to a person: what somebody changed on purpose is never undone by"
        " a button.",
        lambda _: [order_findings.changed_in_books(ORDER_ID, POSTED, "its date is 2026-09-02 instead of 2026-09-01")],
    ),
    ErrorCase(
        "order-gone-from-quickbooks",
        "Somebody deleted or voided an order's document in QuickBooks",
        "Here the order still counts as posted, so it would not be posted again. Undo notes that it is gone, without"
        " sending anything; Replace the posting posts it again.",
        lambda _: [order_findings.gone_from_books(ORDER_ID, POSTED, "deleted")],
    ),
    ErrorCase(
        "order-may-not-post",
        "An order was chosen that may not be posted",
        "Status Filters decides by Amazon's status which orders may be posted. One that is chosen all the same stays"
        " where it is; the others that were chosen are posted.",
        lambda _: [
            order_findings.may_not_post(
                ORDER_ID, "Orders that are cancelled are never posted.", 3, Cell("Orders", "B7")
            )
        ],
    ),
    ErrorCase(
        "status-never-posts",
        "Post was chosen for orders that never post",
        "Orders that are pending have no prices yet, cancelled ones are no sale, and unfulfillable ones were never"
        " shipped: whatever is chosen in Status Filters, none of them becomes a document. They are downloaded only,"
        " as if that had been chosen.",
        lambda _: _typed_post(),
    ),
    ErrorCase(
        "file-in-the-way",
        "Another file than the workbook can't be used",
        "A press needs other files than the workbook: the data folder, files you chose, exports. One that is missing,"
        " locked or without room is named; the workbook itself is whole.",
        lambda folder: [
            file_trouble(folder / "Acme.xlsm", FileNotFoundError(2, "No such file or directory", "/data/october.txt"))
        ],
    ),
    ErrorCase(
        "amazon-connect-from-terminal",
        "No seller account is connected",
        "A button needs Amazon, and this company has no seller account yet. The client secret and the refresh token"
        " are asked for in a terminal and not in the workbook, because whatever is typed into a workbook stays in it."
        " Without a connection, Import files takes the same files.",
        lambda folder: _pressed(folder, "download-settlements"),
    ),
    ErrorCase(
        "no-order-chosen",
        "Nothing to act on was chosen",
        "Undo and Archive never act on all orders at once, since that is hardly ever meant. Put an x into Select in"
        " the rows that they shall act on, or select rows.",
        lambda folder: _pressed(folder, "archive-orders"),
    ),
    ErrorCase(
        "row-without-order",
        "A row that was named holds no order",
        "--rows stands for a selection: numbers of rows as the sheet shows them, or order ids. A number without an"
        " order behind it, and an id that is on none of the sheets that the button looks at, are passed over.",
        lambda folder: _pressed(folder, "archive-orders", "999", "111-0000000-0000000"),
    ),
]
