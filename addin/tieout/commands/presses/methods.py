"""By which method a settlement goes: that by which it stands in the books, else that of its marketplace."""

from tieout.commands.post_documents import standing_postings
from tieout.commands.posted_method import posted_method
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import Press
from tieout.domain.settings import Method
from tieout.domain.settlement import Settlement


def method_of(press: Press, choices: Choices, settlement: Settlement) -> Method:
    """The method of a settlement now: changing a setting changes nothing that is posted."""
    posted = posted_method(standing_postings(press.store.outbox, press.realm_id, settlement.settlement_id))
    return posted or choices.posting.method_of(settlement.marketplace)
