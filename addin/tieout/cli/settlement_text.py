"""Settlements and journals as people read them in a terminal."""

from tieout.cli.terminal import Terminal
from tieout.commands.review_settlements import Review, Reviews
from tieout.domain.calendar import local_day
from tieout.domain.journal import Journal, Side


def print_reviews(terminal: Terminal, reviews: Reviews) -> None:
    """One table of the settlements, then each one's journals."""
    if not reviews.reviews:
        return
    terminal.table(
        "Settlements",
        ("Settlement", "Market", "Period", "State", "Rows", "Total", "Sum", "Difference"),
        (_row(review) for review in reviews.reviews),
        right=frozenset({4, 5, 6, 7}),
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
    terminal.table(title, columns, rows, right=frozenset({3, 4, 5}), fold=frozenset({0, 2}))


def _row(review: Review) -> tuple[str, ...]:
    settlement = review.settlement
    start, end = (local_day(moment, settlement.time_zone) for moment in (settlement.start, settlement.end))
    return (
        settlement.settlement_id,
        f"{settlement.marketplace} {settlement.currency}",
        f"{start}/{end.isoformat()[5:]}",
        "ready" if review.ready else "blocked",
        f"{len(settlement.lines):,}",
        settlement.total.decimal,
        settlement.sum_of_rows.decimal,
        settlement.difference.decimal,
    )
