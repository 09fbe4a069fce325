"""Which orders a button acts on: the ticked ones, else the selected ones, else what the button says."""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.commands.presses.order_sheets import rows_by_id
from tieout.commands.presses.press import Press
from tieout.domain.finding import Finding, Severity
from tieout.sheets.port import ReadTable
from tieout.sheets.typed import ticked


@dataclass(frozen=True, slots=True)
class OrderTargets:
    """The orders chosen, in the order of the sheets; none where nothing is. `how` says by what."""

    ids: tuple[str, ...]
    how: str
    findings: tuple[Finding, ...] = ()


def chosen_orders(press: Press, tables: Sequence[ReadTable]) -> OrderTargets:
    """The orders that --rows names, else those ticked on one of `tables`, else the rows selected there.

    Numbers of rows are those of the first table; order ids are found on all of them.
    """
    if press.rows is not None:
        return _named(press, tables)
    findings: list[Finding] = []
    ticks: list[str] = []
    for table in tables:
        for row in table.rows:
            tick = ticked(row.values.get("select"), table.cell(row, "select"))
            if isinstance(tick, Finding):
                findings.append(tick)
            elif tick and row.text("order_id"):
                ticks.append(row.text("order_id"))
    if ticks:
        return OrderTargets(tuple(dict.fromkeys(ticks)), "ticked", tuple(findings))
    selected = press.book.selection()
    ids = [
        row.text("order_id")
        for table in tables
        for row in table.rows
        if selected is not None and table.sheet == selected.sheet and row.number in selected.rows
    ]
    found = tuple(dict.fromkeys(one for one in ids if one))
    return OrderTargets(found, "selected" if found else "", tuple(findings))


def _named(press: Press, tables: Sequence[ReadTable]) -> OrderTargets:
    assert press.rows is not None, "it was looked at before"
    by_number = {row.number: row.text("order_id") for row in tables[0].rows}
    ids = [by_number[number] for number in sorted(press.rows.numbers) if by_number.get(number)]
    known = {order_id for table in tables for order_id in rows_by_id(table)}
    ids += [one for one in sorted(press.rows.ids) if one in known]
    lost = [str(number) for number in sorted(press.rows.numbers) if not by_number.get(number)]
    lost += [one for one in sorted(press.rows.ids) if one not in known]
    findings = (_not_there(lost, [table.sheet for table in tables]),) if lost else ()
    return OrderTargets(tuple(dict.fromkeys(ids)), "selected", findings)


def _not_there(lost: Sequence[str], sheets: Sequence[str]) -> Finding:
    return Finding(
        code="row-without-order",
        severity=Severity.NOTICE,
        what=f"--rows names {', '.join(lost[:5])}, where no order stands on {' or '.join(sheets)}.",
        to_do=f"Give the numbers of rows as {sheets[0]} shows them, or order ids.",
    )


def nothing_chosen(what: str, sheets: Sequence[str]) -> Finding:
    """That a button which never acts on everything was given nothing to act on."""
    return Finding(
        code="no-order-chosen",
        severity=Severity.REFUSED,
        what=f"No order is chosen, and all are never {what} at once.",
        to_do=f"Put an x into Select on {' or '.join(sheets)}, select rows there, or name orders with --rows.",
    )
