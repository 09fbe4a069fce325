"""Settlements and journals as the command line's JSON has them (a contract: it grows and doesn't change)."""

from datetime import UTC, datetime
from typing import Any

from tieout.commands.review_settlements import Review
from tieout.domain.calendar import local_day
from tieout.domain.journal import Journal, JournalLine, Side
from tieout.domain.money import Money
from tieout.rules.draft_settlement import UnmappedKind


def review_json(review: Review) -> dict[str, Any]:
    """One settlement of `tieout settlement show --json`; amounts are decimal strings."""
    settlement = review.settlement
    deposit = settlement.deposit
    return {
        "file": settlement.origin.file,
        "sha256": settlement.origin.sha256,
        "settlement_id": settlement.settlement_id,
        "marketplace": settlement.marketplace,
        "currency": settlement.currency,
        "start": moment(settlement.start),
        "end": moment(settlement.end),
        "deposit_date": local_day(deposit, settlement.time_zone).isoformat() if deposit else None,
        "rows": len(settlement.lines),
        "total": settlement.total.decimal,
        "sum_of_rows": settlement.sum_of_rows.decimal,
        "difference": settlement.difference.decimal,
        "unmapped": [unmapped_json(unmapped) for unmapped in review.draft.unmapped],
        "journals": [journal_json(journal) for journal in review.draft.journals],
    }


def unmapped_json(unmapped: UnmappedKind) -> dict[str, Any]:
    """A kind of line that no rule maps, with a suggestion and its reason."""
    return {
        "transaction_type": unmapped.kind.transaction_type,
        "amount_type": unmapped.kind.amount_type,
        "amount_description": unmapped.kind.amount_description,
        "rows": unmapped.rows,
        "amount": unmapped.amount.decimal,
        "suggested_group": str(unmapped.suggested_group) if unmapped.suggested_group else None,
        "reason": unmapped.reason,
    }


def journal_json(journal: Journal) -> dict[str, Any]:
    """A journal with its lines; `rows` counts the settlement lines behind each."""
    return {
        "doc_number": journal.doc_number,
        "date": journal.day.isoformat(),
        "currency": journal.currency,
        "memo": journal.memo,
        "lines": [_line_json(line) for line in journal.lines],
        "debits": journal.debits.decimal,
        "credits": journal.credits.decimal,
    }


def moment(value: datetime) -> str:
    """An aware moment in UTC: 2024-10-09T14:28:38Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line_json(line: JournalLine) -> dict[str, Any]:
    zero = Money.zero(line.amount.currency)
    return {
        "account": line.account,
        "group": str(line.group),
        "debit": (line.amount if line.side is Side.DEBIT else zero).decimal,
        "credit": (line.amount if line.side is Side.CREDIT else zero).decimal,
        "description": line.description,
        "rows": line.rows,
    }
