"""Rows of Reconciliation: each settlement by group, as Amazon, Tieout and QuickBooks have it, and its total."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tieout.domain.calendar import local_day
from tieout.domain.money import Money
from tieout.sheets.exports.order_strands import IGNORED
from tieout.sheets.exports.reconciliation import by_group
from tieout.sheets.exports.survey import survey
from tieout.sheets.port import Row
from tieout.sheets.settlement_rows import (
    DIFFERS,
    NOT_POSTED,
    NOT_READ_BACK,
    TIES_OUT,
    ShownSettlement,
    as_posted,
    numbers_told,
    tie_state,
)

TABLE, TOTAL = "Reconciliation", "Total"
_SHOWN_MAX = 3


def reconciliation_rows(settlements: Sequence[ShownSettlement], read_back: datetime) -> list[Row]:
    """The rows of some settlements, group by group in the order of groups, the total of each last."""
    rows: list[Row] = []
    for shown in settlements:
        rows += _rows(shown, read_back)
    return rows


def _rows(shown: ShownSettlement, read_back: datetime) -> Iterator[Row]:
    proof = shown.proof()
    [surveyed] = survey([proof], 1).settlements
    for figures in by_group(proof, surveyed.strands):
        tieout = figures.tieout if shown.posted else None
        yield {
            **_head(shown, read_back, figures.group),
            "amazon": figures.amazon,
            "tieout": tieout,
            "quickbooks": figures.quickbooks,
            "difference": figures.difference if shown.posted else None,
            "row_count": figures.rows,
            "state": _state(shown, figures.quickbooks, figures.difference),
            "explanation": _explained(shown, figures.group),
        }
    tie = proof.tie
    yield {
        **_head(shown, read_back, TOTAL),
        "amazon": tie.amazon_total,
        "tieout": tie.posted_total if shown.posted else None,
        "quickbooks": tie.quickbooks_total,
        "difference": tie.difference if shown.posted else None,
        "row_count": len(shown.settlement.lines),
        "state": tie_state(shown),
        "explanation": shown.why if not shown.posted else _changed(shown),
    }


def _head(shown: ShownSettlement, read_back: datetime, group: str) -> Row:
    settlement = shown.settlement
    was_read = shown.tie is not None and shown.tie.quickbooks_total is not None
    return {
        "settlement_id": settlement.settlement_id,
        "group": group,
        "marketplace": settlement.marketplace,
        "deposit_date": local_day(settlement.deposit, settlement.time_zone) if settlement.deposit else None,
        "currency": settlement.currency,
        "doc_numbers": numbers_told([journal.doc_number for journal in shown.posted]),
        "read_back": read_back if was_read else None,
    }


def _state(shown: ShownSettlement, quickbooks: Money | None, difference: Money) -> str:
    if not shown.posted:
        return NOT_POSTED
    if quickbooks is None:
        return NOT_READ_BACK
    return DIFFERS if difference else TIES_OUT


def _explained(shown: ShownSettlement, group: str) -> str:
    """The lines of a group that the books hold otherwise than they were posted."""
    if group == IGNORED:
        return "By decision, what these orders paid is recorded nowhere (Exceptions)."
    if shown.tie is None:
        return ""
    found = [
        f"{line.doc_number}, {line.account} ({line.description}): {line.held or 'nothing'} instead of {line.drafted}"
        for line in shown.tie.explained
        if (str(line.group) if line.group else "In QuickBooks only") == group
    ]
    return _told(found)


def _changed(shown: ShownSettlement) -> str:
    """The documents that the books hold on another day, or that say something else there, whatever their money."""
    if shown.tie is None:
        return ""
    days = [f"{each.doc_number} is dated {each.held} instead of {each.posted}" for each in shown.tie.days]
    return _told([*days, *(f"{each.doc_number}: {each.told}" for each in shown.tie.changes)])


def _told(found: Sequence[str]) -> str:
    more = [f"and {len(found) - _SHOWN_MAX} more"] if len(found) > _SHOWN_MAX else []
    return "; ".join([*found[:_SHOWN_MAX], *more])


__all__ = ["TABLE", "TOTAL", "as_posted", "reconciliation_rows"]
