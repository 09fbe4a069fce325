"""Posting settlements by orders from the workbook: their documents, each once, read back and tied out."""

from collections.abc import Sequence
from dataclasses import replace

from tieout.commands.post_settled_orders import SettledResult, post_drafted
from tieout.commands.post_settlements import PostedSettlements
from tieout.commands.posting_report import PostedJournal, PostingReport
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.order_book import agreed, sale_desk
from tieout.commands.presses.press import Press
from tieout.commands.presses.settled_work import settled_work
from tieout.commands.review_settlements import Review
from tieout.commands.tie_documents import tied_by_method
from tieout.commands.tie_findings import differs_in_quickbooks
from tieout.ports import Books
from tieout.rules.ledger_effect import effects_of


def post_by_orders(
    press: Press, choices: Choices, reviews: Sequence[Review], books: Books, *, first_open_day: bool
) -> PostedSettlements:
    """Post what is drafted of settlements, and say of each where it stands and whether it ties out."""
    by_id = {review.settlement.settlement_id: review for review in reviews}
    report = post_drafted(
        [
            SettledResult(review.settlement, review.orders, findings=review.findings)
            for review in reviews
            if review.orders is not None
        ],
        sale_desk(press, books),
        settled_work(press, choices, [review.settlement for review in reviews]),
        agreed=agreed(press, first_open_day=first_open_day),
        progressed=press.tell,
    )
    rows = tuple(row for result in report.results for row in _rows(by_id[result.draft.settlement_id], result))
    settlements, unread = tied_by_method(reviews, rows, books, press.tell)
    for posted in settlements:
        press.store.settlements.set_state(posted.review.settlement.settlement_id, posted.state)
    differing = [differs_in_quickbooks(posted.tie) for posted in settlements if posted.differs]
    return PostedSettlements(
        settlements,
        tuple(dict.fromkeys((*report.all_findings, *unread, *differing))),
        PostingReport(rows, (), report.created),
    )


def _rows(review: Review, result: SettledResult) -> tuple[PostedJournal, ...]:
    """The documents as journals, each with what came of it."""
    documents = tuple(row.document for row in result.documents)
    effects = effects_of(replace(result.draft, documents=documents), review.chart)
    return tuple(
        PostedJournal(effect, row.how, row.posting, row.held)
        for effect, row in zip(effects, result.documents, strict=True)
    )
