"""The numbers that documents get beyond their first: of the reversing journal, and of a posting after it.

AMZ-24288684721-1 is taken back by AMZ-24288684721-1R, posted again as AMZ-24288684721-1B, taken back by
AMZ-24288684721-1BR, and so on: the first one stays in its closed period for ever, so its number stays taken.
"""

import re
from dataclasses import replace

from tieout.domain.journal import Journal
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.limits import QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX
from tieout.ports import Outbox

_USABLE = re.compile(rf"[A-Z0-9-]{{1,{QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX}}}\Z", re.ASCII)
_LETTERS = "BCDEFGHJKLMNPQSTUVWXYZ"  # not R: it marks what takes back


def is_usable(number: str) -> bool:
    """Whether a number is short and plain enough for QuickBooks, and safe in a query."""
    return _USABLE.match(number) is not None


def reversal_number(number: str) -> str:
    """The number of the journal that takes a document back."""
    return f"{number}R"


def takes_back(outbox: Outbox, posting: Posting) -> bool:
    """Whether a posting takes another one of its settlement back: its draft says so, or the other one does."""
    draft = outbox.draft(posting.content_hash)
    if draft is not None:
        return bool(draft.reverses)
    siblings = outbox.of_subject(posting.key.realm_id, posting.subject)
    return any(each.reversed_by == posting.key.doc_number for each in siblings)


def as_numbered_now(journal: Journal, outbox: Outbox, realm_id: str) -> Journal:
    """The journal under the number it posts under now: its own, or the next one after each reversal."""
    number = journal.doc_number
    for letter in _LETTERS:
        posting = outbox.get(PostingKey(realm_id, "JournalEntry", number))
        if posting is None or posting.state is not PostingState.UNDONE or not posting.reversed_by:
            break
        number = f"{journal.doc_number}{letter}"
    return journal if number == journal.doc_number else replace(journal, doc_number=number)
