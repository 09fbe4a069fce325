"""Undo orders: takes the chosen orders' documents back out of QuickBooks, where nobody changed them since."""

from tieout.commands import post_orders as posting
from tieout.commands.posting_run import How
from tieout.commands.presses.order_book import sale_desk
from tieout.commands.presses.order_choices import read_order_choices
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.order_sheets import OrderSheets, read_order_tables
from tieout.commands.presses.order_targets import chosen_orders, nothing_chosen
from tieout.commands.presses.orders_since import Differs, note_read_back
from tieout.commands.presses.press import Outcome, Press, Result, Stopped, counted, refused
from tieout.commands.presses.showing import connection_cells
from tieout.commands.undo_documents import UndoReport
from tieout.domain.finding import Finding, any_stops

# What QuickBooks writes into the note of a document that is voided.
_VOIDED = "its private note is Voided"


def undo_orders(press: Press) -> Outcome:
    """Undo the ticked orders of Archive, else the selected ones; never all, unasked."""
    tables = read_order_tables(press.book)
    if isinstance(tables, Finding):
        return refused(tables)
    targets = chosen_orders(press, [tables.archive])
    if not targets.ids:
        return refused(nothing_chosen("undone", [tables.archive.sheet]), *targets.findings)
    choices = read_order_choices(press)
    before = frozenset(documents_in_books(press))
    report, stopped = UndoReport((), ()), False
    try:
        with press.open_books() as books:
            report = posting.undo_orders(
                targets.ids,
                sale_desk(press, books),
                settlement_ids=tuple(known.settlement_id for known in press.store.settlements.all()),
                settled_in=choices.settled_in(targets.ids),
                progressed=press.tell,
            )
    except Stopped:
        stopped = True
    after = documents_in_books(press)
    undone = len(before - frozenset(after))
    note_read_back(press, _seen(report), after)
    shown = OrderSheets(press, choices, tables, acted=before - frozenset(after))
    findings = tuple(dict.fromkeys((*targets.findings, *choices.findings, *report.findings)))
    in_part = any_stops(list(report.findings))
    result = Result.REFUSED if in_part and not undone else Result.IN_PART if in_part else Result.DONE
    return Outcome(
        result=Result.STOPPED if stopped else result,
        message=_message(undone, report, stopped=stopped),
        findings=findings,
        refreshes=shown.refreshes(),
        cells=connection_cells(press),
        count=undone,
    )


def _seen(report: UndoReport) -> dict[str, Differs | None]:
    """What somebody changed or voided in QuickBooks, as the undo found."""
    found: dict[str, Differs | None] = {}
    for one in report.findings:
        if one.code == "changed-in-quickbooks":
            how = one.what.partition("QuickBooks: ")[2].rstrip(".")
            is_void = _VOIDED in how
            found[one.subject] = Differs(is_gone=is_void, how="voided" if is_void else how)
    return found


def _message(undone: int, report: UndoReport, *, stopped: bool) -> str:
    reversed_ = sum(document.how is How.REVERSED for document in report.documents)
    why = next((finding for finding in report.findings if finding.stops), next(iter(report.findings), None))
    parts = [f"{counted(undone, 'order')} undone"]
    if not undone:
        parts = [f"Nothing was undone. {why.what}".rstrip(".") if why is not None else "Nothing was undone"]
    if reversed_:
        parts.append(f"{reversed_} of them taken back on the first open day")
    refused_ = sum(document.how is How.REFUSED for document in report.documents)
    if undone and refused_:
        parts.append(f"{counted(refused_, 'document')} left as they are")
    if stopped:
        parts.append("stopped: press Undo again to go on")
    return f"{', '.join(parts)}."
