"""Preview: the documents that Post would send, on Journal Preview. Nothing is sent."""

from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.gather import Gathered, gather
from tieout.commands.presses.press import Outcome, Press, Result, counted
from tieout.commands.presses.showing import REVIEW, Found, Sheets, connection_cells, marketplaces_of, money_told
from tieout.commands.presses.standing import Standing
from tieout.commands.presses.targets import Targets, chosen_settlements, unknown_settlement
from tieout.domain.finding import any_stops
from tieout.sheets.settlement_rows import BLOCKED, NEW, POSTED, READY


def preview_settlements(press: Press) -> Outcome:
    """Draft the ticked settlements, else the selected ones, else all that are not posted."""
    choices = read_choices(press)
    targets = chosen_settlements(press, choices)
    gathered = gather(press, choices, also=targets.ids)
    wanted = _wanted(targets, gathered)
    for one in wanted:
        if not one.posted:
            press.store.settlements.set_state(one.settlement_id, READY if one.may_post else NEW)
    gathered = gathered.again(press, choices)
    wanted = _wanted(targets, gathered)
    unknown = [unknown_settlement(one) for one in targets.ids if one not in gathered.by_id()]
    sheets = Sheets(press, choices)
    sheets.settlements(gathered, [one.shown(press) for one in gathered.standings])
    sheets.preview([one.shown(press) for one in wanted])
    sheets.exceptions([Found(REVIEW, (*choices.findings, *gathered.findings))], marketplaces_of(gathered))
    own = [finding for one in wanted for finding in one.review.findings]
    findings = tuple(dict.fromkeys((*targets.findings, *unknown, *choices.findings, *gathered.lost, *own)))
    choices.remember(press)
    return Outcome(
        result=_result(wanted, choices, any_stops(findings)),
        message=_message(wanted, targets),
        findings=findings,
        refreshes=tuple(sheets.refreshes),
        cells=connection_cells(press),
        count=len(wanted),
    )


def _wanted(targets: Targets, gathered: Gathered) -> list[Standing]:
    if targets.how:
        by_id = gathered.by_id()
        return [by_id[one] for one in targets.ids if one in by_id]
    return [one for one in gathered.standings if one.state != POSTED or one.differs]


def _result(wanted: list[Standing], choices: Choices, stopped: bool) -> Result:
    if choices.blocking:
        return Result.REFUSED
    return Result.IN_PART if stopped else Result.DONE


def _message(wanted: list[Standing], targets: Targets) -> str:
    drafted = [one for one in wanted if one.review.draft.journals and one.state != BLOCKED]
    blocked = len(wanted) - len(drafted)
    if not wanted:
        return "Nothing to preview: no settlement is open."
    documents = sum(one.review.documents for one in drafted)
    what = "journal" if all(one.review.orders is None for one in drafted) else "document"
    parts = []
    if drafted:
        total = money_told(one.review.settlement.total for one in drafted)
        parts.append(f"{counted(len(drafted), 'settlement')} in {counted(documents, what)}, {total}")
    if blocked:
        parts.append(f"{blocked} blocked, see Exceptions")
    chosen = f" ({targets.how})" if targets.how else ""
    return f"Drafted{chosen}: {'; '.join(parts)}." if drafted else f"Nothing was drafted{chosen}: {'; '.join(parts)}."
