"""The book that somebody looks at: patience, status, selection, protection, and all put back as it was."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tieout.sheets import patience
from tieout.sheets.book import XlwingsBook
from tieout.sheets.engines import activate
from tieout.sheets.file_dialog import chosen_files
from tieout.sheets.opening import close_unsaved, open_closed
from tieout.sheets.patience import patiently
from tieout.sheets.port import BookBusy


class com_error(Exception):  # noqa: N801 - the name that pywin32 gives it
    pass


REJECTED = com_error(-2147418111, "Call was rejected by callee.", None, None)


@pytest.fixture
def live(book_path: Path) -> Iterator[XlwingsBook]:
    """The file engine in the place of Excel: somebody looks at it."""
    activate("file")
    opened = open_closed(book_path)
    assert isinstance(opened, XlwingsBook)
    yield XlwingsBook(opened.xlwings_book, is_live=True)
    close_unsaved(book_path)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", waited.append)
    return waited


def test_a_busy_excel_is_asked_again(waits: list[float]) -> None:
    answers: Iterator[Any] = iter([REJECTED, REJECTED, "done"])

    def call() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    assert patiently(call) == "done"
    assert waits == [0.1, 0.2]


def test_patience_has_an_end(waits: list[float]) -> None:
    calls = itertools.count()

    def call() -> None:
        next(calls)
        raise REJECTED

    with pytest.raises(BookBusy):
        patiently(call)
    assert next(calls) == len(waits) + 1


def test_what_is_no_matter_of_patience_is_raised_at_once(waits: list[float]) -> None:
    def call() -> None:
        raise com_error(-2147352567, "Exception occurred.", None, None)

    with pytest.raises(com_error):
        patiently(call)
    assert waits == []


def test_what_goes_on_is_told_now_and_then(live: XlwingsBook) -> None:
    for number in range(500):
        live.tell("Reading files", number, 500)
    assert live.cell("TieoutStatus") == "Reading files"
    assert str(live.xlwings_book.app.status_bar).startswith("Tieout: Reading files (")


def test_stop_over_the_status_stops(live: XlwingsBook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not live.stop_wanted()
    live.set_cells({"TieoutStatus": "Stop"})
    live.tell("Posting", 1, 3)
    assert live.stop_wanted()


def test_telling_never_fails(live: XlwingsBook, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object, __: object) -> None:
        raise REJECTED

    monkeypatch.setattr(XlwingsBook, "_set_cells", refuse)
    live.tell("Posting", 1, 3)
    assert live.cell("TieoutStatus") == "Ready"


def test_a_single_cell_is_no_selection(live: XlwingsBook) -> None:
    sheet = live.xlwings_book.sheets["Fee Mappings"]
    sheet.activate()
    sheet.range("A7").select()
    assert live.selection() is None
    sheet.range("A7:C9").select()
    selected = live.selection()
    assert selected is not None
    assert (selected.sheet, selected.rows) == ("Fee Mappings", {7, 8, 9})


def test_a_column_selected_whole_ends_where_the_sheet_does(live: XlwingsBook) -> None:
    sheet = live.xlwings_book.sheets["Settlements"]
    sheet.activate()
    sheet.range("A:A").select()
    selected = live.selection()
    assert selected is not None
    assert max(selected.rows) < 100


def test_all_is_put_back_as_it_was(live: XlwingsBook) -> None:
    app = live.xlwings_book.app
    app.calculation = "semiautomatic"
    sheet = live.xlwings_book.sheets["Settlements"]
    sheet.activate()
    sheet.range("C5:D6").select()
    with suppress(ZeroDivisionError), live.quiet():
        assert (app.screen_updating, app.enable_events, app.calculation) == (False, False, "manual")
        live.xlwings_book.sheets["Home"].activate()
        raise ZeroDivisionError
    assert (app.screen_updating, app.enable_events, app.calculation) == (True, True, "semiautomatic")
    assert live.xlwings_book.sheets.active.name == "Settlements"
    assert app.selection.get_address(False, False) == "C5:D6"


def test_a_protected_sheet_is_opened_for_as_long_as_it_takes(book: XlwingsBook) -> None:
    with pytest.raises(Exception, match="protected"):
        book.set_cells({"CompanyId": "other"})
    with book.unlocked("Settings"):
        book.set_cells({"CompanyId": "other"})
    assert book.cell("CompanyId") == "other"
    with pytest.raises(Exception, match="protected"):
        book.set_cells({"CompanyId": "third"})


def test_a_name_that_is_gone_is_passed_over(book: XlwingsBook) -> None:
    book.xlwings_book.names["LastSentence"].delete()
    book.set_cells({"LastSentence": "hello", "LastButton": "guide"})
    assert book.cell("LastSentence") is None
    assert book.cell("LastButton") == "guide"
    assert str(book.place("LastSentence")) == "Home!LastSentence"


class _Api:
    def GetOpenFilename(self, *_: object) -> object:  # noqa: N802 - Excel's own name
        return ("C:\\a.txt", "C:\\b.txt")


class _Nothing:
    def GetOpenFilename(self, *_: object) -> object:  # noqa: N802 - Excel's own name
        return False


@pytest.mark.parametrize(("api", "count"), [(_Api(), 2), (_Nothing(), 0)])
def test_excel_for_windows_asks_for_files(api: object, count: int) -> None:
    class App:
        pass

    class Book:
        app = App()

    Book.app.api = api  # type: ignore[attr-defined]
    assert len(chosen_files(Book(), "win32")) == count
    assert chosen_files(Book(), "linux") == ()
