"""Which orders have documents of their own in the books, by the outbox."""

from collections.abc import Iterator

from tieout.commands.presses.press import Press
from tieout.domain.posting import Posting, PostingState

_KINDS = frozenset({"Invoice", "SalesReceipt"})


def documents_in_books(press: Press) -> dict[str, Posting]:
    """The documents of orders that stand in the books, by order id."""
    return {one.subject: one for one in _of_orders(press) if one.state is PostingState.POSTED and not one.reversed_by}


def orders_with_documents(press: Press) -> frozenset[str]:
    """The orders whose documents stand, or may stand, in the books: what was sent and not answered counts too."""
    states = {PostingState.POSTED, PostingState.SENDING}
    return frozenset(one.subject for one in _of_orders(press) if one.state in states and not one.reversed_by)


def orders_begun(press: Press) -> frozenset[str]:
    """The orders whose document was begun and is not known to stand: not answered, or left to a person."""
    states = {PostingState.PLANNED, PostingState.SENDING, PostingState.CONFLICT}
    return frozenset(one.subject for one in _of_orders(press) if one.state in states)


def _of_orders(press: Press) -> Iterator[Posting]:
    if not press.realm_id:
        return
    for one in press.store.outbox.all():
        if one.key.realm_id == press.realm_id and one.key.entity in _KINDS:
            yield one
