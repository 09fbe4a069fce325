"""The buttons: one function for each, the same from the ribbon and from `tieout press`.

The ribbon's VBA calls `press("import-settlements")`; it finds the workbook that called, shows at once that it began,
and imports what the button needs only then. `press_closed` does the same on a closed file, without Excel.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tieout.commands.presses.press import Outcome, Press
    from tieout.commands.presses.run import Asked, Pressed
    from tieout.commands.progress import Progressed

FILE_BUTTONS = frozenset({"import-settlements"})


def press(name: str) -> None:
    """Press a button in the workbook that Excel called from. Nothing is raised: the outcome is on Home."""
    from tieout.sheets.book import XlwingsBook
    from tieout.sheets.opening import excel_book

    book = XlwingsBook(excel_book(), is_live=True)
    book.tell(f"{name}: began")
    from tieout.commands.presses.run import Asked

    files: tuple[Path, ...] = ()
    if name in FILE_BUTTONS:
        from tieout.sheets.file_dialog import chosen_files

        files = chosen_files(book.xlwings_book)
    button(name)(Asked(book, files))


def press_closed(
    name: str,
    path: Path,
    *,
    files: Sequence[Path] = (),
    rows: Sequence[str] = (),
    progressed: "Progressed | None" = None,
) -> "Pressed":
    """Press a button on a closed workbook, and save it. KeyError for a button that is none, as `button` has it."""
    work = button(name)
    from tieout.commands.presses.press import chosen_rows, refused
    from tieout.commands.presses.run import Asked, Pressed
    from tieout.commands.progress import silent
    from tieout.domain.finding import Finding
    from tieout.sheets.opening import close_unsaved, open_closed

    chosen = chosen_rows(rows)
    book = open_closed(path)
    for problem in (chosen, book):
        if isinstance(problem, Finding):
            return Pressed(name, refused(problem, unreadable=True))
    assert not isinstance(chosen, Finding), "it was refused above"
    assert not isinstance(book, Finding), "it was refused above"
    try:
        pressed = work(Asked(book, tuple(files), chosen, progressed or silent))
        return _saved(pressed, book, path)
    finally:
        close_unsaved(path)


def export_from(path: Path, folder: Path, progressed: "Progressed") -> "Pressed":
    """What Export does, of all settlements, into `folder`, by the sheets of a closed workbook that stays as it is."""
    from tieout.commands.presses.press import refused
    from tieout.commands.presses.prove import export_reconciliation as work
    from tieout.commands.presses.run import Asked, Pressed
    from tieout.domain.finding import Finding
    from tieout.sheets.opening import close_unsaved, open_closed

    book = open_closed(path)
    if isinstance(book, Finding):
        return Pressed("export-reconciliation", refused(book, unreadable=True))
    try:
        book.set_cells({"HomeMonth": None, "HomeMarketplace": None})
        asked = Asked(book, tell=progressed)
        return _run("export-reconciliation", asked, lambda one: work(one, folder))
    finally:
        close_unsaved(path)


def _saved(pressed: "Pressed", book: Any, path: Path) -> "Pressed":
    """Save the workbook; where that fails, what was done is in the store, and the next press shows it."""
    from dataclasses import replace

    from tieout.commands.presses.press import Result
    from tieout.sheets.opening import FILE_TROUBLE, file_trouble

    outcome = pressed.outcome
    if outcome.unreadable and not pressed.changed and outcome.result is Result.REFUSED and not book.is_ours:
        return pressed
    try:
        book.save()
    except FILE_TROUBLE as trouble:
        finding = file_trouble(path, trouble)
        result = Result.IN_PART if outcome.result is Result.DONE else outcome.result
        message = f"{outcome.message} The workbook was not written. {finding.to_do}"
        outcome = replace(outcome, result=result, message=message, findings=(*outcome.findings, finding))
        return replace(pressed, outcome=outcome, changed={})
    return pressed


def _run(name: str, asked: "Asked", work: "Callable[[Press], Outcome]") -> "Pressed":
    from tieout.clock import SystemClock
    from tieout.commands.presses.run import Runner
    from tieout.store.home import home_folder
    from tieout.wiring import open_company_of, who_am_i

    return Runner(open_company_of, SystemClock(), who_am_i(), home_folder() / "logs").run(name, asked, work)


# Company


def connect_amazon(asked: "Asked") -> "Pressed":
    """Connect Amazon: a practice seller by a file; otherwise whether the accounts that are connected let us in."""
    from tieout.commands.presses.connect_amazon import connect_amazon as work
    from tieout.press_wiring import bind, desk_of

    return _run("connect-amazon", asked, lambda one: work(one, bind(one), desk_of))


def connect_quickbooks(asked: "Asked") -> "Pressed":
    """Connect QuickBooks: a practice company so far; a file stands for the line of `tieout practice serve`."""
    from tieout.commands.presses.practice import connect_quickbooks as work
    from tieout.press_wiring import bind

    return _run("connect-quickbooks", asked, lambda one: work(one, bind(one)))


def refresh_lists(asked: "Asked") -> "Pressed":
    """Refresh lists: accounts, tax codes and classes of QuickBooks."""
    from tieout.commands.presses.refresh_lists import refresh_lists as work

    return _run("refresh-lists", asked, work)


# Orders


def download_orders(asked: "Asked") -> "Pressed":
    """Download: the orders that changed at Amazon since the last time."""
    from tieout.commands.presses.download_orders import download_orders as work
    from tieout.press_wiring import desk_of

    return _run("download-orders", asked, lambda one: work(one, desk_of))


def post_orders(asked: "Asked") -> "Pressed":
    """Post: orders to QuickBooks, each once; what fails moves to Errors."""
    from tieout.commands.presses.post_orders import post_orders as work

    return _run("post-orders", asked, work)


def undo_orders(asked: "Asked") -> "Pressed":
    """Undo: posted orders back out of QuickBooks."""
    from tieout.commands.presses.undo_orders import undo_orders as work

    return _run("undo-orders", asked, work)


def archive_orders(asked: "Asked") -> "Pressed":
    """Archive: orders put away without posting them."""
    from tieout.commands.presses.archive_orders import archive_orders as work

    return _run("archive-orders", asked, work)


# Settlements


def download_settlements(asked: "Asked") -> "Pressed":
    """Download: every settlement that Amazon still lists, each once."""
    from tieout.commands.presses.download_settlements import download_settlements as work
    from tieout.press_wiring import desk_of

    return _run("download-settlements", asked, lambda one: work(one, desk_of))


def import_settlements(asked: "Asked") -> "Pressed":
    """Import files: settlement, order, VAT and listings files of this computer."""
    from tieout.commands.presses.import_settlements import import_settlements as work
    from tieout.press_wiring import files_desk_of

    return _run("import-settlements", asked, lambda one: work(one, files_desk_of))


def preview_settlements(asked: "Asked") -> "Pressed":
    """Preview: the journals before they are posted."""
    from tieout.commands.presses.preview_settlements import preview_settlements as work

    return _run("preview-settlements", asked, work)


def post_settlements(asked: "Asked") -> "Pressed":
    """Post: settlements to QuickBooks, each once."""
    from tieout.commands.presses.post_to_books import post_settlements as work

    return _run("post-settlements", asked, work)


def undo_settlements(asked: "Asked") -> "Pressed":
    """Undo: posted settlements back out of QuickBooks."""
    from tieout.commands.presses.undo_settlements import undo_settlements as work

    return _run("undo-settlements", asked, work)


# Prove


def reconcile(asked: "Asked") -> "Pressed":
    """Reconcile: Amazon, Tieout and QuickBooks side by side, read back now."""
    from tieout.commands.presses.reconcile import reconcile as work

    return _run("reconcile", asked, work)


def export_reconciliation(asked: "Asked") -> "Pressed":
    """Export: the reconciliation as a workbook and CSV files."""
    from tieout.commands.presses.prove import export_reconciliation as work

    return _run("export-reconciliation", asked, work)


def proof_pack(asked: "Asked") -> "Pressed":
    """Proof pack: one workbook a settlement."""
    from tieout.commands.presses.prove import proof_pack as work

    return _run("proof-pack", asked, work)


# Help


def practice_company(asked: "Asked") -> "Pressed":
    """Practice company: made-up books on this computer, and a made-up seller's files."""
    from tieout.commands.presses.practice import practice_company as work
    from tieout.press_wiring import bind

    return _run("practice-company", asked, lambda one: work(one, bind(one)))


def check_up(asked: "Asked") -> "Pressed":
    """Check-up: whether everything is in working order."""
    from tieout.commands.presses.check_up_book import check_up as work
    from tieout.press_wiring import checks_of

    return _run("check-up", asked, lambda one: work(one, checks_of))


def guide(asked: "Asked") -> "Pressed":
    """Guide: opens the guide."""
    from tieout.commands.presses.guide import open_guide

    return _run("guide", asked, lambda one: open_guide(one.folder, show=asked.book.is_live))


def _later(name: str, sentence: str) -> "Callable[[Asked], Pressed]":
    """A button that says what it will do."""
    from tieout.commands.presses.press import refused
    from tieout.commands.presses.run_findings import not_built

    return lambda asked: _run(name, asked, lambda _: refused(not_built(sentence)))


BUTTONS: "dict[str, Callable[[Asked], Pressed]]" = {
    "connect-amazon": connect_amazon,
    "connect-quickbooks": connect_quickbooks,
    "refresh-lists": refresh_lists,
    "download-orders": download_orders,
    "post-orders": post_orders,
    "undo-orders": undo_orders,
    "archive-orders": archive_orders,
    "download-settlements": download_settlements,
    "import-settlements": import_settlements,
    "preview-settlements": preview_settlements,
    "post-settlements": post_settlements,
    "undo-settlements": undo_settlements,
    "reconcile": reconcile,
    "export-reconciliation": export_reconciliation,
    "proof-pack": proof_pack,
    "practice-company": practice_company,
    "check-up": check_up,
    "guide": guide,
}


def button(name: str) -> "Callable[[Asked], Pressed]":
    """What a button of the ribbon does; KeyError if there is none of that name."""
    if name in BUTTONS:
        return BUTTONS[name]
    from tieout.sheets.layout import load_layout

    return _later(name, load_layout().button(name).later)
