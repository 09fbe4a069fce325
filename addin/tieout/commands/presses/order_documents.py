"""Which orders have documents of their own in the books, by the outbox."""

from tieout.commands.presses.press import Press
from tieout.domain.posting import Posting, PostingState
from tieout.domain.sale import ORDER_KINDS


def documents_in_books(press: Press) -> dict[str, Posting]:
    """The documents of orders that stand in the books, by order id."""
    return {one.subject: one for one in _of_orders(press, PostingState.POSTED) if not one.reversed_by}


def orders_with_documents(press: Press) -> frozenset[str]:
    """The orders whose documents stand, or may stand, in the books: what was sent and not answered counts too."""
    standing = _of_orders(press, PostingState.POSTED, PostingState.SENDING)
    return frozenset(one.subject for one in standing if not one.reversed_by)


def orders_begun(press: Press) -> frozenset[str]:
    """The orders whose document was begun and is not known to stand: not answered, or left to a person."""
    begun = _of_orders(press, PostingState.PLANNED, PostingState.SENDING, PostingState.CONFLICT)
    return frozenset(one.subject for one in begun)


def _of_orders(press: Press, *states: PostingState) -> tuple[Posting, ...]:
    return press.store.outbox.of_kinds(press.realm_id, ORDER_KINDS, states) if press.realm_id else ()
