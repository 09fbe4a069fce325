"""The workbook: its file, its sheets, its cells, and the buttons pressed in it."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest import mock

from tests.errors.case import ErrorCase
from tests.parse.making import small_file
from tests.rules.in_memory import Row, settlement
from tieout.buttons import press_closed
from tieout.commands.new_book import check_new_book, other_country, set_up_excel, unwritable
from tieout.commands.presses import run_findings
from tieout.commands.presses.press import chosen_rows
from tieout.commands.tie_findings import differs_in_quickbooks
from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.finding import Finding
from tieout.domain.origin import Cell
from tieout.domain.settings import SettlementSettings
from tieout.reconcile.tie_out import tie_out
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.mapping import Mapping
from tieout.sheets.book import XlwingsBook
from tieout.sheets.book_settings import read_settings
from tieout.sheets.build import build_workbook
from tieout.sheets.excel_settings import SETTINGS_VARIABLE
from tieout.sheets.exception_rows import read_decisions
from tieout.sheets.layout import load_layout
from tieout.sheets.opening import FILE_TROUBLE, close_unsaved, file_trouble, open_closed
from tieout.sheets.port import ReadTable, Refresh
from tieout.sheets.typed import decimal_number, ticked, whole_id
from tieout.wiring import companies

AT = Cell("Settings", "D14")
ACME = Company("acme", "Acme", "US", "USD")


@cache
def _built() -> Path:
    """A new book, made once."""
    path = Path(mkdtemp(prefix="tieout-cases-")) / "Acme.xlsm"
    build_workbook(path, company="Acme", country="US", company_id="acme")
    return path


@contextmanager
def _book(folder: Path, *, save: bool = False) -> Iterator[XlwingsBook]:
    path = folder / "Acme.xlsm"
    if not path.exists():
        shutil.copy(_built(), path)
    book = open_closed(path)
    assert isinstance(book, XlwingsBook), book
    try:
        yield book
        if save:
            book.save()
    finally:
        close_unsaved(path)


def _cells(book: XlwingsBook, table: str) -> Any:
    return book.xlwings_table(table).parent


def _pressed(
    folder: Path,
    button: str,
    *,
    files: Sequence[Path] = (),
    rows: Sequence[str] = (),
    company: Company = ACME,
    before: Callable[[XlwingsBook], None] = lambda book: None,
) -> tuple[Finding, ...]:
    """The findings of a press in a book of a company that is made for it."""
    with _book(folder, save=True) as book:
        before(book)
    with mock.patch.dict(os.environ, {"TIEOUT_HOME": str(folder / "home")}):
        if not (folder / "home").exists():
            companies().add(company)
        return press_closed(button, folder / "Acme.xlsm", files=files, rows=rows).outcome.findings


def _small(folder: Path) -> Path:
    path = folder / "settlement.txt"
    path.write_bytes(small_file().content)
    return path


# The file


def _open_elsewhere(folder: Path) -> Iterable[Finding]:
    with _book(folder, save=True):
        pass
    (folder / "~$Acme.xlsm").write_bytes(b"\x03Sam")
    return _opened(folder / "Acme.xlsm")


def _opened(path: Path) -> Iterable[Finding]:
    book = open_closed(path)
    if isinstance(book, Finding):
        return [book]
    try:
        book.set_cells({"LastSentence": "hello"})
        book.save()
    except FILE_TROUBLE as trouble:
        return [file_trouble(path, trouble)]
    finally:
        close_unsaved(path)
    return []


def _changed_meanwhile(folder: Path) -> Iterable[Finding]:
    with _book(folder) as book:
        book.set_cells({"LastSentence": "hello"})
        (folder / "Acme.xlsm").write_bytes(_built().read_bytes() + b"\0")
        try:
            book.save()
        except FILE_TROUBLE as trouble:
            return [file_trouble(folder / "Acme.xlsm", trouble)]
    return []


def _no_workbook(folder: Path) -> Iterable[Finding]:
    (folder / "Acme.xlsm").write_text("a letter", encoding="utf-8")
    return _opened(folder / "Acme.xlsm")


def _somebody_elses(folder: Path) -> Iterable[Finding]:
    return _pressed(folder, "check-up", before=lambda book: book.xlwings_book.names["CompanyId"].delete())


def _layout(version: str) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        def before(book: XlwingsBook) -> None:
            with book.unlocked("Settings"):
                book.set_cells({"LayoutVersion": version})

        return _pressed(folder, "check-up", before=before)

    return provoke


def _of_another_computer(folder: Path) -> Iterable[Finding]:
    def before(book: XlwingsBook) -> None:
        with book.unlocked("Settings"):
            book.set_cells({"CompanyId": "northwind-7f3a9c21"})

    return _pressed(folder, "preview-settlements", before=before)


# The sheets


def _renamed_column(folder: Path) -> Iterable[Finding]:
    with _book(folder) as book:
        _cells(book, "Settlements").range("B4").value = "Id"
        found = book.read("Settlements")
        return found.findings if isinstance(found, ReadTable) else [found]


def _removed_sheet(folder: Path) -> Iterable[Finding]:
    with _book(folder) as book:
        _cells(book, "Exceptions").delete()
        found = book.read("Exceptions")
        return [found] if isinstance(found, Finding) else []


def _no_room(folder: Path) -> Iterable[Finding]:
    with _book(folder) as book:
        cells = _cells(book, "Accounts")
        last = book.xlwings_table("Accounts").range.last_cell
        below = cells.range((last.row + 1, 3), (last.row + 3, last.column + 4))
        below.value = [["Mine", *(f"Column {n}" for n in range(below.shape[1] - 1))], *[["x"] * below.shape[1]] * 2]
        cells.tables.add(below, name="Mine")
        rows = [{"account": f"New {number}"} for number in range(80)]
        return book.refresh(Refresh("Accounts", rows)).findings


def _setting(key: str, value: object, column: str = "value") -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        with _book(folder) as book, book.unlocked("Settings"):
            table = book.read("Settings")
            assert isinstance(table, ReadTable)
            row = next(row for row in table.rows if row.text("key") == key)
            _cells(book, "Settings").range(f"{table.columns[column]}{row.number}").value = value
            return read_settings(book, "US").findings

    return provoke


def _decided(code: str, severity: str, decision: str) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        with _book(folder) as book:
            row = {"exception_id": "E1", "state": "Open", "severity": severity, "code": code, "to_do": "Look at it."}
            book.refresh(Refresh("Exceptions", [row]))
            reason = None if severity == "Notice" else "it is small"
            _cells(book, "Exceptions").range("F5:G5").value = [decision, reason]
            table = book.read("Exceptions")
            assert isinstance(table, ReadTable)
            return read_decisions(table, load_layout().drop_down("exception_choices").values).findings

    return provoke


# The presses


def _atlantis(folder: Path) -> Iterable[Finding]:
    return _pressed(
        folder, "preview-settlements", before=lambda book: book.set_cells({"HomeMarketplace": "Atlantis"})
    )


def _lost_document(folder: Path) -> Iterable[Finding]:
    _pressed(folder, "import-settlements", files=[_small(folder)])
    with closing(sqlite3.connect(folder / "home" / "companies" / "acme" / "books.sqlite3")) as database:
        # The database refuses this; somebody has gone around it.
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DELETE FROM documents")
        database.commit()
    return _pressed(folder, "preview-settlements")


def _real_company(folder: Path) -> Iterable[Finding]:
    address = QuickBooksAddress("http://127.0.0.1:9/v3/company/", "http://127.0.0.1:9/", "4711", "client")
    return _pressed(folder, "practice-company", company=replace(ACME, quickbooks=address))


def _file_in_the_way(name: str, button: str) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        if button == "export-reconciliation":
            _pressed(folder, "import-settlements", files=[_small(folder)])
        (folder / name).write_text("in the way", encoding="utf-8")
        return _pressed(folder, button)

    return provoke


def _bad_sheet(folder: Path) -> Iterable[Finding]:
    def before(book: XlwingsBook) -> None:
        _cells(book, "Products").range("B4").value = "Mine"

    return _pressed(folder, "check-up", before=before)


def _edited(_: Path) -> Iterable[Finding]:
    sold = settlement([Row(date(2024, 10, 10), ("Order", "ItemPrice", "Principal"), 2500)])
    chart = load_chart("US")
    draft = draft_settlement(sold, Mapping(chart), chart, SettlementSettings())
    tie = tie_out(sold, draft, held=())
    return [differs_in_quickbooks(tie)]


def _excel_settings(folder: Path) -> Iterable[Finding]:
    (folder / "taken").write_text("a file", encoding="utf-8")
    with mock.patch.dict(os.environ, {SETTINGS_VARIABLE: str(folder / "taken" / "tieout.conf")}):
        return set_up_excel(sys.platform, "python").findings


def _trust(folder: Path) -> Iterable[Finding]:
    with mock.patch.dict(os.environ, {SETTINGS_VARIABLE: str(folder / "tieout.conf")}):
        return set_up_excel("linux", "python", trust=folder).findings


def _new(name: str) -> Callable[[Path], Iterable[Finding]]:
    def provoke(folder: Path) -> Iterable[Finding]:
        (folder / "There.xlsm").write_bytes(b"")
        found = check_new_book(folder / name)
        return [found] if found is not None else []

    return provoke


def _value(finding: object) -> Callable[[Path], Iterable[Finding]]:
    return lambda folder: [finding] if isinstance(finding, Finding) else []


CASES = [
    ErrorCase(
        "book-not-found",
        "A workbook that is not there",
        "The path is wrong, or the workbook was moved.",
        lambda folder: _opened(folder / "Acme.xlsm"),
    ),
    ErrorCase(
        "book-is-open",
        "A workbook that another program has open",
        "`tieout press` replaces the file as a whole, which would lose what the other program has not saved. Close "
        "it there, or press the button in Excel. What the press did is in the store, and nothing is done twice.",
        _open_elsewhere,
    ),
    ErrorCase(
        "book-changed-meanwhile",
        "A workbook that somebody changed during a press",
        "Somebody saved it while the button worked. His work stays; the next press brings the sheets up to date.",
        _changed_meanwhile,
    ),
    ErrorCase(
        "book-unreadable",
        "A file that is no workbook",
        "The file is damaged, encrypted, or of another form. Excel can often save it again in the right one.",
        _no_workbook,
    ),
    ErrorCase(
        "book-not-ours",
        "A workbook that Tieout did not make",
        "A workbook of Tieout says in named cells which company it belongs to; here they are missing.",
        _somebody_elses,
    ),
    ErrorCase(
        "book-of-newer-version",
        "A workbook of a newer Tieout",
        "Its sheets may mean something that this version does not know, so nothing is read from them or written.",
        _layout("99"),
    ),
    ErrorCase(
        "book-brought-up-to-date",
        "A workbook of an older Tieout",
        "Columns, tables and settings that came since were added where it stands; all that was there is untouched, "
        "and a copy of the file as it was lies beside it.",
        _layout("0"),
    ),
    ErrorCase(
        "book-not-saved",
        "An older workbook without a place",
        "Before an older workbook is changed, a copy of it is made; for that it must stand in a folder.",
        _value(run_findings.not_saved()),
    ),
    ErrorCase(
        "book-company-not-here",
        "A workbook whose company is not on this computer",
        "Settlements, postings and the log are in the company's store, not in the workbook. The workbook stays "
        "readable anywhere; its buttons need the store.",
        _of_another_computer,
    ),
    ErrorCase(
        "book-busy",
        "Excel that lets nobody in",
        "While a cell is being edited or a box is open, Excel refuses every call. Tieout asks again for a while.",
        _value(run_findings.busy()),
    ),
    ErrorCase(
        "press-failed",
        "A mistake in Tieout",
        "It should not happen. The whole story is in a file in the folder logs of Tieout's data folder.",
        _value(run_findings.broken(ValueError("an account has no name"), "4e1c0d2a")),
    ),
    ErrorCase(
        "button-not-built",
        "A button that is not built yet",
        "Such buttons are grey on the ribbon; each says in a sentence what it will do.",
        _value(run_findings.not_built("Sending prices to Amazon comes with a later version.")),
    ),
    ErrorCase(
        "button-unknown",
        "A button that the ribbon has not",
        "`tieout press` takes the names that docs/ribbon.md and the guide give.",
        _value(run_findings.unknown_button("post-everything", ["guide", "post-settlements"])),
    ),
    ErrorCase(
        "sheet-column-missing",
        "A column that was renamed or removed",
        "Columns are found by their headings, wherever they stand. One that is gone is not guessed from others.",
        _renamed_column,
    ),
    ErrorCase(
        "sheet-table-missing",
        "A table that was removed",
        "Tables are found by their names on whatever sheet they stand. `tieout repair` puts back what is missing.",
        _removed_sheet,
    ),
    ErrorCase(
        "sheet-no-room",
        "A table that can't grow",
        "What stands below a table is moved down when it grows, unless a spreadsheet could not move it either, as "
        "where another table stands there that is wider.",
        _no_room,
    ),
    ErrorCase(
        "cell-not-understood",
        "A cell that says something else than it may",
        "What was typed stays in the cell, and nothing is guessed from it: the press that needs it refuses.",
        _value(decimal_number("about ten", AT)),
    ),
    ErrorCase(
        "tick-not-understood",
        "A tick that is neither there nor not there",
        "Only an x, or one of the usual words for yes, is a tick. Anything else in the cell does not count as one.",
        _value(ticked("maybe", Cell("Settlements", "A5"))),
    ),
    ErrorCase(
        "id-damaged-by-excel",
        "An id that Excel made into a number or a date",
        "Excel keeps 15 digits of a number and takes 1-2 for a date. In text cells, which ids have, it does not.",
        _value(whole_id(1.1234567890123e17, Cell("Settlements", "B5"))),
    ),
    ErrorCase(
        "setting-missing",
        "A setting whose row is gone",
        "Each setting is found by its key. Without its row the default holds, and that is said.",
        _setting("detail", "something else", "key"),
    ),
    ErrorCase(
        "setting-too-long",
        "A setting that is too long",
        "The numbers of documents in QuickBooks have 21 characters, of which Amazon's order id takes 19.",
        _setting("order_prefix", "AMAZON"),
    ),
    ErrorCase(
        "decision-without-reason",
        "A decision that needs a reason",
        "What is ignored is ignored by somebody and for a reason; both are kept in the log.",
        _decided("settlement-gap", "Notice", "Ignore"),
    ),
    ErrorCase(
        "decision-not-possible",
        "A decision that is no way out",
        "Not every choice fits every exception: an unmapped fee, for one, needs a mapping and can't be ignored.",
        _decided("fee-unmapped", "Blocked", "Ignore"),
    ),
    ErrorCase(
        "marketplace-unknown",
        "A marketplace that is none",
        "Home says which marketplace the sheets show. One that is not known shows all.",
        _atlantis,
    ),
    ErrorCase(
        "document-missing",
        "A settlement whose file is gone from the store",
        "The store keeps each file for ever. One that is missing was taken out by hand, or the database is damaged.",
        _lost_document,
    ),
    ErrorCase(
        "too-many-rows",
        "More rows than --rows takes",
        "Name the rows that are meant, or none for all that are ready.",
        _value(chosen_rows(["5-900000"])),
    ),
    ErrorCase(
        "row-without-settlement",
        "A row on which nothing stands",
        "--rows counts rows as the sheet shows them at its left edge.",
        lambda folder: _pressed(folder, "preview-settlements", rows=["900"]),
    ),
    ErrorCase(
        "settlement-not-known",
        "A settlement that this company has not",
        "The id is wrong, or its file was imported into another company.",
        lambda folder: _pressed(folder, "preview-settlements", rows=["24288684721"]),
    ),
    ErrorCase(
        "no-files-chosen",
        "An import without a file",
        "The dialog was closed, or --file was left out.",
        lambda folder: _pressed(folder, "import-settlements"),
    ),
    ErrorCase(
        "nothing-chosen-to-undo",
        "An undo of nothing",
        "Undo acts on ticked or selected settlements only, so that nobody takes a whole year back by mistake.",
        lambda folder: _pressed(folder, "undo-settlements"),
    ),
    ErrorCase(
        "nothing-to-prove",
        "A proof of nothing",
        "There are no settlements on the sheets yet.",
        lambda folder: _pressed(folder, "export-reconciliation"),
    ),
    ErrorCase(
        "exports-unwritable",
        "Exports that can't be written",
        "The files stand in a folder beside the workbook. Excel keeps those that are open from being replaced.",
        _file_in_the_way("Acme - reconciliation", "export-reconciliation"),
    ),
    ErrorCase(
        "practice-files-unwritable",
        "Practice files that can't be written",
        "The practice seller's settlement files are put into a folder beside the workbook.",
        _file_in_the_way("Acme - practice files", "practice-company"),
    ),
    ErrorCase(
        "settlement-differs-in-quickbooks",
        "A settlement that QuickBooks holds otherwise",
        "Reconcile reads every journal back. One that was edited, deleted or added to shows as a difference, line by "
        "line on Reconciliation.",
        _edited,
    ),
    ErrorCase(
        "company-not-for-practice",
        "Practising in a real company",
        "Made-up postings must never stand among real ones, nor the other way round.",
        _real_company,
    ),
    ErrorCase(
        "sign-in-from-terminal",
        "A company without a connection to QuickBooks",
        "Signing in opens Intuit's page and keeps what it gives in the keyring; that is done from a terminal, once.",
        lambda folder: _pressed(folder, "connect-quickbooks"),
    ),
    ErrorCase(
        "check-up-bad",
        "Something that has to be put right",
        "Check-up found it; it keeps something from working.",
        _bad_sheet,
    ),
    ErrorCase(
        "check-up-look",
        "Something to look at",
        "Check-up found it; it may be meant so.",
        lambda folder: _pressed(folder, "check-up"),
    ),
    ErrorCase("book-suffix", "A workbook without macros", "Only .xlsm files can hold buttons.", _new("Acme.xlsx")),
    ErrorCase("book-exists", "A workbook that is there", "Nothing is ever written over.", _new("There.xlsm")),
    ErrorCase(
        "book-folder-missing", "A folder that is not there", "It is not made unasked.", _new("no folder/Acme.xlsm")
    ),
    ErrorCase(
        "new-book-unwritable",
        "A new workbook that can't be written",
        "The folder is not yours to write to, or the disk is full.",
        lambda folder: [unwritable(folder / "Acme.xlsm", OSError(28, "No space left on device"))],
    ),
    ErrorCase(
        "company-of-other-country",
        "A company with another country",
        "A company's country decides its chart and its defaults, and is fixed when it is added.",
        _value(other_country(ACME, "GB")),
    ),
    ErrorCase(
        "excel-settings-unwritable",
        "Excel that can't be told where Python is",
        "The ribbon's buttons find Python by a small settings file. Without it Excel looks for any python.",
        _excel_settings,
    ),
    ErrorCase(
        "trust-on-windows-only",
        "A trusted location outside Windows",
        "Excel for Mac has no such setting; it asks about macros when the workbook is opened.",
        _trust,
    ),
]
