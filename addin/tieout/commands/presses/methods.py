"""By which method a settlement goes: that by which it stands in the books, else that of its marketplace."""

import re

from tieout.commands.post_documents import standing_postings
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import Press
from tieout.domain.posting import Posting
from tieout.domain.settings import Method
from tieout.domain.settlement import Settlement
from tieout.rules.settlement_numbers import Letter

_JOURNAL = "JournalEntry"
# "AMZ-24288684721-1J" and what it is posted again as ("...-1JB"); a summary's journals have no letter of a kind.
_BY_ORDERS = re.compile(rf"-[0-9]+[{Letter.JOURNAL}{Letter.TRANSFER}][A-Z]?\Z", re.ASCII)


def method_of(press: Press, choices: Choices, settlement: Settlement) -> Method:
    """The method of a settlement now: changing a setting changes nothing that is posted."""
    posted = posted_method(standing_postings(press.store.outbox, press.realm_id, settlement.settlement_id))
    return posted or choices.posting.method_of(settlement.marketplace)


def posted_method(standing: tuple[Posting, ...]) -> Method | None:
    """The method by which postings of a settlement were made; None where there are none."""
    if not standing:
        return None
    is_by_orders = any(one.key.entity != _JOURNAL or _BY_ORDERS.search(one.key.doc_number) for one in standing)
    return Method.ORDERS if is_by_orders else Method.SUMMARY
