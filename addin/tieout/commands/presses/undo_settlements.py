"""Undo: takes the chosen settlements' documents back out of QuickBooks, where nobody changed them since."""

from tieout.commands.presses.choices import read_choices
from tieout.commands.presses.gather import gather
from tieout.commands.presses.orders_since import paid_refresh
from tieout.commands.presses.press import Outcome, Press, Result, Stopped, counted, refused
from tieout.commands.presses.showing import (
    POSTING,
    REVIEW,
    Found,
    Sheets,
    connection_cells,
    marketplaces_of,
    previewed,
)
from tieout.commands.presses.take_back_settlements import TakenBack, take_back_settlements
from tieout.commands.presses.targets import chosen_settlements
from tieout.domain.finding import Finding, Severity, any_stops
from tieout.sheets.settlement_rows import UNDONE


def undo_settlements(press: Press) -> Outcome:
    """Undo the ticked settlements, else the selected ones; never all, unasked."""
    choices = read_choices(press)
    targets = chosen_settlements(press, choices)
    if not targets.ids:
        return refused(_nothing_chosen(), *targets.findings)
    stopped = False
    taken = TakenBack()
    try:
        with press.open_books() as books:
            taken = take_back_settlements(press, targets.ids, books)
    except Stopped:
        stopped = True
    for settlement_id in taken.settlements:
        press.store.settlements.set_state(settlement_id, UNDONE)
    gathered = gather(press, choices, also=targets.ids)
    sheets = Sheets(press, choices)
    sheets.settlements(gathered, [one.shown(press) for one in gathered.standings])
    sheets.preview(one.shown(press) for one in previewed(choices, gathered))
    found = [
        Found(REVIEW, (*choices.findings, *gathered.findings)),
        Found(POSTING, [finding for finding in taken.findings if finding.stops], frozenset(targets.ids)),
    ]
    sheets.exceptions(found, marketplaces_of(gathered))
    findings = tuple(dict.fromkeys((*targets.findings, *choices.findings, *taken.findings)))
    in_part = any_stops(list(findings))
    result = Result.REFUSED if in_part and not taken.settlements else Result.IN_PART if in_part else Result.DONE
    return Outcome(
        result=Result.STOPPED if stopped else result,
        message=_message(taken, findings, stopped=stopped),
        findings=findings,
        refreshes=(*sheets.refreshes, *paid_refresh(press)),
        cells=connection_cells(press),
        count=len(taken.settlements),
    )


def _message(taken: TakenBack, findings: tuple[Finding, ...], *, stopped: bool) -> str:
    settlements = len(taken.settlements)
    parts = [f"{counted(settlements, 'settlement')} undone: {counted(taken.deleted, 'document')} deleted"]
    if not settlements:
        why = next((finding for finding in findings if finding.stops), next(iter(findings), None))
        parts = [f"Nothing was undone. {why.what}".rstrip(".") if why is not None else "Nothing was undone"]
    if taken.reversed:
        parts.append(f"{counted(taken.reversed, 'document')} reversed on the first open day")
    if stopped:
        parts.append("stopped: press Undo again to go on")
    return f"{', '.join(parts)}."


def _nothing_chosen() -> Finding:
    return Finding(
        code="nothing-chosen-to-undo",
        severity=Severity.REFUSED,
        what="No settlement is chosen, and all are never undone at once.",
        to_do="Put an x into Select on Settlements where it shall be undone, or name rows with --rows.",
    )
