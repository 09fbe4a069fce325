"""Which settlements a button acts on: the ticked ones, else the selected ones, else what the button says."""

from dataclasses import dataclass

from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import ChosenRows, Press
from tieout.domain.finding import Finding, Severity
from tieout.sheets.layout import load_layout
from tieout.sheets.port import ReadTable
from tieout.sheets.typed import ticked, whole_id


@dataclass(frozen=True, slots=True)
class Targets:
    """The settlements chosen, in the order of the sheet; none where nothing is. `how` says by what."""

    ids: tuple[str, ...]
    how: str
    findings: tuple[Finding, ...] = ()


def chosen_settlements(press: Press, choices: Choices) -> Targets:
    """The settlements that the user ticked, else those of --rows or of the selection."""
    table = choices.settlements
    if isinstance(table, Finding):
        return Targets((), "", (table,))
    findings: list[Finding] = []
    ids: dict[int, str] = {}
    ticks: list[str] = []
    for row in table.rows:
        settlement_id = whole_id(row.values.get("settlement_id"), table.cell(row, "settlement_id"))
        if isinstance(settlement_id, Finding):
            findings.append(settlement_id)
            continue
        ids[row.number] = settlement_id
        tick = ticked(row.values.get("select"), table.cell(row, "select"))
        if isinstance(tick, Finding):
            findings.append(tick)
        elif tick and settlement_id:
            ticks.append(settlement_id)
    if press.rows is not None:
        return _of_rows(press.rows, ids, findings)
    if ticks:
        return Targets(tuple(dict.fromkeys(ticks)), "ticked", tuple(findings))
    selected = _selected(press)
    return Targets(selected, "selected" if selected else "", tuple(findings))


def _of_rows(rows: ChosenRows, ids: dict[int, str], findings: list[Finding]) -> Targets:
    named = [ids[number] for number in sorted(rows.numbers) if ids.get(number)]
    named += sorted(rows.ids)
    empty = sorted(number for number in rows.numbers if not ids.get(number))
    if empty:
        findings.append(
            Finding(
                code="row-without-settlement",
                severity=Severity.NOTICE,
                what=f"--rows names {', '.join(map(str, empty[:5]))} of Settlements, where no settlement stands.",
                to_do="Give the numbers of rows as the sheet shows them, or settlement ids.",
            )
        )
    return Targets(tuple(dict.fromkeys(named)), "selected", tuple(findings))


def _selected(press: Press) -> tuple[str, ...]:
    """The settlements of the rows selected, on whatever sheet has a row of theirs."""
    selected = press.book.selection()
    if selected is None:
        return ()
    for sheet in load_layout().sheets:
        if sheet.name == selected.sheet and any(column.key == "settlement_id" for column in sheet.columns):
            table = press.book.read(sheet.table_name)
            if isinstance(table, ReadTable):
                found = [row.text("settlement_id") for row in table.rows if row.number in selected.rows]
                return tuple(dict.fromkeys(one for one in found if one))
    return ()


def unknown_settlement(settlement_id: str) -> Finding:
    """That the store knows no settlement of an id."""
    return Finding(
        code="settlement-not-known",
        severity=Severity.NOTICE,
        what=f"There is no settlement {settlement_id} in this company.",
        to_do="Import its file first, or correct the id.",
        subject=settlement_id,
    )
