"""What only the engine over LibreOffice does: calculate, run macros, print; and that it leaves nothing behind."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tieout.sheets.engines import LibreOfficeMissing, NotInThisEngine, activate, open_file_book
from tieout.sheets.engines.libreoffice import bridge, process
from tieout.sheets.engines.libreoffice.process import OfficeProcess, OfficeStopped

BASIC = """
Function Twice(value)
    Twice = value * 2
End Function
Sub Mark
    ThisComponent.Sheets.getByIndex(0).getCellByPosition(0, 4).String = "marked"
End Sub
Sub Broken
    y = 0
    x = 1 / y
End Sub
Sub Endless
    Do While True
    Loop
End Sub
"""


@pytest.fixture
def calc(office: xw.App) -> Iterator[xw.Book]:
    book = office.books.add()
    yield book
    book.close()


def with_macros(book: xw.Book) -> None:
    libraries = book.impl.host.document.BasicLibraries
    if not libraries.hasByName("Standard"):
        libraries.createLibrary("Standard")
    libraries.getByName("Standard").insertByName("Module1", BASIC)


def test_formulas_recalculate(office: xw.App, calc: xw.Book) -> None:
    sheet = calc.sheets[0]
    sheet["A1"].value = [["Amount"], [1], [2]]
    sheet.tables.add(source=sheet["A1:A3"], name="Orders")
    sheet["C1"].formula = "=SUM(Orders[Amount])"
    assert sheet["C1"].value == 3
    sheet["A2"].value = 10
    assert sheet["C1"].value == 12
    office.calculation = "manual"
    sheet["A2"].value = 20
    assert sheet["C1"].value == 12
    office.calculate()
    assert sheet["C1"].value == 22
    office.calculation = "automatic"


def test_a_block_leaves_notes_where_they_are(calc: xw.Book) -> None:
    """In whatever cell of the block they stand, whatever is written over it."""
    sheet = calc.sheets[0]
    sheet["A1:D4"].value = [[f"{row}{column}" for column in "ABCD"] for row in range(1, 5)]
    noted = ["A1", "D1", "B3", "C3", "D4", "F9"]
    for address in noted:
        sheet[address].add_note(f"mine at {address}")
    sheet["C3"].number_format = "@"
    block = [[1, "two", None, "=1+1"], [5, 6, 7, 8], ["", "=A1*10", 3, True], [None, "x", "y", 12.5]]
    sheet["A1:D4"].value = block
    assert {note.location.get_address(False, False): note.text for note in sheet.notes} == {
        address: f"mine at {address}" for address in noted
    }
    assert sheet["A1:D4"].value == [[1, "two", None, 2], [5, 6, 7, 8], [None, 10, "3", True], [None, "x", "y", 12.5]]
    assert sheet["B3"].formula == "=A1*10"
    assert sheet["F9"].value is None


def test_errors_have_their_names(calc: xw.Book) -> None:
    sheet = calc.sheets[0]
    sheet["A1"].formula = "=1/0"
    sheet["A2"].formula = "=NA()"
    sheet["A3"].formula = "=nothing_of_that_name"
    assert sheet["A1:A3"].options(err_to_str=True).value == ["#DIV/0!", "#N/A", "#NAME?"]
    assert sheet["A1:A3"].value == [None, None, None]


def test_macros_run(calc: xw.Book) -> None:
    with_macros(calc)
    assert calc.macro("Module1.Twice")(21) == 42
    assert calc.macro("twice")(4) == 8
    calc.macro("Mark")()
    assert calc.sheets[0]["A5"].value == "marked"
    with pytest.raises(KeyError, match="no macro Nothing"):
        calc.macro("Nothing")()
    with pytest.raises(RuntimeError, match="Broken failed in LibreOffice: Division by zero"):
        calc.macro("Module1.Broken")()
    assert calc.macro("Module1.Twice")(1.5) == 3
    modules = calc.impl.host.document.BasicLibraries.getByName("Standard")
    assert modules.ElementNames == ("Module1",)
    modules.insertByName("Module2", "this does not ( compile")
    with pytest.raises(RuntimeError, match="can't compile"):
        calc.macro("Module1.Twice")(2)


def test_printing(calc: xw.Book, tmp_path: Path) -> None:
    sheet = calc.sheets[0]
    sheet["A1"].value = "printed"
    second = calc.sheets.add("Second", after=sheet)
    second["A1"].value = "too"
    calc.to_pdf(tmp_path / "all.pdf")
    second.to_pdf(tmp_path / "one.pdf")
    for name, pages in (("all.pdf", 2), ("one.pdf", 1)):
        content = (tmp_path / name).read_bytes()
        assert content.startswith(b"%PDF-")
        assert content.count(b"/Type/Page/") + content.count(b"/Type/Page\n") == pages


def test_a_book_of_the_file_engine_is_calculated(office: xw.App, rich: Path) -> None:
    closed = open_file_book(rich)
    closed.sheets["Orders"]["D2"].value = 100
    assert closed.sheets["Home"]["B10"].value == 30.75
    with pytest.raises(NotInThisEngine, match="libreoffice engine"):
        closed.to_pdf(rich.with_suffix(".pdf"))
    with pytest.raises(NotInThisEngine, match="runs no VBA"):
        closed.macro("Module1.Go")()
    closed.save()
    closed.close()
    book = office.books.open(rich)
    assert book.sheets["Home"]["B10"].value == 120.5
    book.save()
    book.close()
    again = open_file_book(rich)
    assert again.sheets["Home"]["B10"].value == 120.5
    assert again.sheets["Orders"].tables["Orders"].range.address == "$A$1:$E$4"
    orders = again.sheets["Orders"]
    assert orders["A4"].value == "00123"
    orders.tables["Orders"].resize(orders["A1:E5"])  # LibreOffice does not store that the last column is calculated
    assert orders["E5"].formula == "=Orders[[#This Row],[Amount]]*2"
    again.close()


def test_it_ends_with_its_folder_and_processes() -> None:
    activate_or_skip()
    office = OfficeProcess()
    folder, group = office.folder, office.pid
    assert folder.is_dir()
    office.end()
    office.end()
    assert not folder.exists()
    assert living(group) == []


def living(group: int) -> list[str]:
    """The processes of a group that have not ended; those that ended may still wait for their parent to notice."""
    listed = subprocess.run(["ps", "-e", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return [row[-1] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


def activate_or_skip() -> None:
    before = xw.engines.active
    try:
        activate("libreoffice")
    except LibreOfficeMissing as missing:
        pytest.skip(str(missing))
    xw.engines.active = before


def test_a_macro_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    activate_or_skip()
    monkeypatch.setattr("tieout.sheets.engines.libreoffice.host_book.OFFICE_WORK_SECONDS_MAX", 1)
    before = xw.engines["libreoffice"].apps.keys()
    app = xw.engines["libreoffice"].apps.add(add_book=True)
    with_macros(app.books[0])
    group = app.pid
    with pytest.raises(OfficeStopped, match=r"did not answer in time \(the macro Endless\)"):
        app.books[0].macro("Endless")()
    app.kill()
    assert living(group) == []
    assert len(xw.engines["libreoffice"].apps) == len(before)


def test_it_says_when_libreoffice_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge.shutil, "which", lambda _: None)
    monkeypatch.setattr(bridge, "_PROGRAM_PLACES", ())
    with pytest.raises(LibreOfficeMissing, match="apt install libreoffice-calc"):
        bridge.program()


def test_it_says_when_the_bridge_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "_MODULE_FOLDERS", ())
    monkeypatch.setitem(bridge.sys.modules, "uno", None)
    with pytest.raises(LibreOfficeMissing, match="python3-uno"):
        bridge.uno.__wrapped__()


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    activate_or_skip()
    deaf = tmp_path / "soffice"
    deaf.write_text("#!/bin/sh\nexec sleep 60\n")
    deaf.chmod(0o755)
    monkeypatch.setattr(process, "program", lambda: str(deaf))
    monkeypatch.setattr(process, "OFFICE_START_SECONDS_MAX", 0.3)
    monkeypatch.setattr(process, "OFFICE_QUIT_SECONDS_MAX", 0.3)
    with pytest.raises(LibreOfficeMissing, match="did not start"):
        OfficeProcess()
