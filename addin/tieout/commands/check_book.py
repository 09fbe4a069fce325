"""Checks of a workbook: its version and layout, where it is, and whether Excel would run its buttons."""

import sys
from collections.abc import Iterator
from pathlib import Path

import tieout
from tieout.commands.check_up import Check, Health
from tieout.domain.finding import Finding
from tieout.sheets.excel_settings import interpreter_in, settings_file
from tieout.sheets.layout import load_layout
from tieout.sheets.port import WorkbookPort, plain_text

# Folders that are kept in step with a cloud while Excel has the workbook open, by their usual names.
_SYNCED = ("onedrive", "dropbox", "icloud drive", "mobile documents", "google drive", "sharepoint", "box sync")


def check_book(book: WorkbookPort) -> Iterator[Check]:
    """What of the workbook could stand in the way."""
    yield _version(book)
    yield _parts(book)
    yield from _place(book)
    yield _interpreter()


def _version(book: WorkbookPort) -> Check:
    made_by, layout = plain_text(book.cell("TieoutVersion")), plain_text(book.cell("LayoutVersion"))
    ours = str(load_layout().version)
    if (made_by, layout) == (tieout.__version__, ours):
        return Check("Workbook", Health.GOOD, f"Made or last changed by Tieout {made_by}, layout {layout}.")
    return Check(
        "Workbook",
        Health.LOOK,
        f"Made or last changed by Tieout {made_by or '(it does not say)'}, layout {layout or '(it does not say)'};"
        f" installed is {tieout.__version__}, layout {ours}.",
        "Press any button: an older workbook is brought up to date, with a copy of it beside it.",
    )


def _parts(book: WorkbookPort) -> Check:
    missing = []
    for table in load_layout().tables:
        found = book.read(table.name)
        if isinstance(found, Finding):
            missing.append(table.name)
        elif found.findings:
            missing.append(f"{table.name}: {', '.join(finding.column for finding in found.findings)}")
    if not missing:
        return Check("Sheets", Health.GOOD, "Every table and column is there.")
    return Check(
        "Sheets",
        Health.BAD,
        f"Missing are {'; '.join(missing)}.",
        "Undo their removal, or run `tieout repair` on the workbook, which puts them back.",
    )


def _place(book: WorkbookPort) -> Iterator[Check]:
    path = book.path
    if path is None:
        yield Check(
            "Place",
            Health.LOOK,
            "The workbook is not saved in a folder of this computer.",
            "Save it in a folder that no cloud keeps in step: Excel then gives Python its real place.",
        )
        return
    synced = next((part for part in path.parts if any(name in part.casefold() for name in _SYNCED)), "")
    if synced:
        yield Check(
            "Place",
            Health.LOOK,
            f"The workbook is in {synced}, which a cloud keeps in step.",
            "It works, but two computers can change it at once: better keep it elsewhere. The books are not in it.",
        )
    else:
        yield Check("Place", Health.GOOD, f"{path.parent}")
    if _came_from_the_internet(path):
        yield Check(
            "Mark of the web",
            Health.BAD,
            "Windows marks the workbook as come from the internet, so Excel does not run its buttons.",
            "In Explorer: Properties of the file, tick Unblock. Or make a new one with `tieout new`.",
        )


def _came_from_the_internet(path: Path) -> bool:
    """Whether Windows keeps a Zone.Identifier beside the file (Microsoft, "Macros from the internet are blocked")."""
    if sys.platform != "win32":
        return False
    try:
        zone = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "ZoneId=3" in zone or "ZoneId=4" in zone


def _interpreter() -> Check:
    file = settings_file()
    if file is None:
        return Check("Excel's way to Python", Health.GOOD, "There is no Excel for this system; nothing is needed.")
    found = interpreter_in(file)
    if found and Path(found) == Path(sys.executable):
        return Check("Excel's way to Python", Health.GOOD, f"{file} names this Python.")
    said = f"names {found}" if found else "names no Python"
    return Check(
        "Excel's way to Python",
        Health.BAD,
        f"{file} {said}; this is {sys.executable}.",
        "Run `tieout repair BOOK.xlsm` with the Python that Tieout is installed in.",
    )
