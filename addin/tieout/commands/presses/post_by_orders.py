"""Posting settlements by orders from the workbook."""

from collections.abc import Sequence

from tieout.commands import post_by_orders as posting
from tieout.commands.post_settlements import PostedSettlements
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.order_book import agreed, sale_desk
from tieout.commands.presses.press import Press
from tieout.commands.presses.settled_work import settled_work
from tieout.commands.review_settlements import Review
from tieout.ports import Books


def post_by_orders(
    press: Press, choices: Choices, reviews: Sequence[Review], books: Books, *, first_open_day: bool
) -> PostedSettlements:
    """Post what is drafted of settlements, and say of each where it stands and whether it ties out."""
    return posting.post_by_orders(
        reviews,
        sale_desk(press, books),
        settled_work(press, choices, [review.settlement for review in reviews]),
        press.store.settlements,
        agreed=agreed(press, first_open_day=first_open_day),
        progressed=press.tell,
    )
