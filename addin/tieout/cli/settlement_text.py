"""Settlements and journals as people read them in a terminal."""

from tieout.cli.terminal import Terminal
from tieout.commands.review_settlements import Review, Reviews
from tieout.domain.calendar import local_day
from tieout.domain.journal import Journal, Side

_FIGURES = frozenset({5, 6, 7, 8})


def print_reviews(terminal: Terminal, reviews: Reviews) -> None:
    """One table of the settlements, then each one's journals."""
    if not reviews.reviews:
        return
    terminal.table(
        "Settlements",
        ("Settlement", "Marketplace", "From", "To", "State", "Rows", "Amazon's total", "Sum of rows", "Difference"),
        (_row(review) for review in reviews.reviews),
        right=_FIGURES,
    )
    for review in reviews.reviews:
        for journal in review.draft.journals:
            print_journal(terminal, journal)


def print_journal(terminal: Terminal, journal: Journal) -> None:
    """A journal as an accountant writes it; the last row holds the totals."""
    rows = [
        (
            line.account,
            str(line.group),
            line.description,
            line.amount.decimal if line.side is Side.DEBIT else "",
            line.amount.decimal if line.side is Side.CREDIT else "",
            f"{line.rows:,}" if line.rows else "",
        )
        for line in journal.lines
    ]
    rows.append(("", "", "Total", journal.debits.decimal, journal.credits.decimal, ""))
    title = f"{journal.doc_number}  {journal.day}  {journal.currency}  {journal.memo}"
    columns = ("Account", "Group", "Description", "Debit", "Credit", "Rows")
    terminal.table(title, columns, rows, right=frozenset({3, 4, 5}))


def _row(review: Review) -> tuple[str, ...]:
    settlement = review.settlement
    zone = settlement.time_zone
    return (
        settlement.settlement_id,
        settlement.marketplace,
        str(local_day(settlement.start, zone)),
        str(local_day(settlement.end, zone)),
        "ready" if review.ready else "blocked",
        f"{len(settlement.lines):,}",
        str(settlement.total),
        settlement.sum_of_rows.decimal,
        settlement.difference.decimal,
    )
