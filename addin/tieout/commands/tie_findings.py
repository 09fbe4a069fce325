"""What a person is told where the books don't hold a posted settlement as it was posted."""

from collections.abc import Sequence

from tieout.domain.finding import Finding, Severity
from tieout.reconcile.tie_out import LineTie, TieOut

_SHOWN_MAX = 4


def differs_in_quickbooks(tie: TieOut) -> Finding:
    """That a settlement was posted, and QuickBooks holds it otherwise now: changed, deleted, doubled, on another day.

    `tie` is one that was read back.
    """
    told = [f"{number} is not there" for number in _missing(tie)]
    told += [f"{each.doc_number} is dated {each.held} instead of {each.posted}" for each in tie.days]
    told += [_told(line) for line in tie.explained if line.doc_number not in _missing(tie)]
    seen = {*_missing(tie), *(day.doc_number for day in tie.days), *(line.doc_number for line in tie.explained)}
    told += [f"{each.doc_number}: {each.told}" for each in tie.changes if each.doc_number not in seen]
    more = f"; and {len(told) - _SHOWN_MAX} more" if len(told) > _SHOWN_MAX else ""
    return Finding(
        code="settlement-differs-in-quickbooks",
        severity=Severity.BLOCKED,
        what=(
            f"QuickBooks no longer holds settlement {tie.settlement_id} as it was posted:"
            f" {'; '.join(told[:_SHOWN_MAX])}{more}."
        ),
        to_do="Nothing was sent. Put it back in QuickBooks as it was; or undo the settlement and post it again.",
        subject=tie.settlement_id,
    )


def posted_before(settlement_id: str, numbers: Sequence[str]) -> Finding:
    """That a settlement that is blocked now was posted before, so that nobody posts it a second time by hand."""
    return Finding(
        code="posted-before-it-was-blocked",
        severity=Severity.NOTICE,
        what=(
            f"Settlement {settlement_id} stands in QuickBooks already ({', '.join(numbers)}); what blocks it is in"
            " its draft of now."
        ),
        to_do="Nothing was sent or taken back. Put file and fee mappings back; or undo it, if it was posted wrongly.",
        subject=settlement_id,
    )


def _missing(tie: TieOut) -> tuple[str, ...]:
    """The documents of which no line stands in the books."""
    held = {line.doc_number for line in tie.lines if line.held}
    return tuple(dict.fromkeys(line.doc_number for line in tie.explained if line.doc_number not in held))


def _told(line: LineTie) -> str:
    held = line.held.decimal if line.held else "nothing"
    return f"{line.doc_number} has {held} instead of {line.drafted.decimal} in {line.account} ({line.description})"
