"""The buttons of Amazon and of orders."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from unittest import mock

from tests.errors.case import ErrorCase
from tieout.buttons import press_closed
from tieout.domain.finding import Finding
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


CASES = [
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
