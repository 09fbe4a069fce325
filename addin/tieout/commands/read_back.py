"""Reading back what was posted: the document as QuickBooks holds it now, compared to the minor unit."""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.commands.numbers import as_numbered_now
from tieout.commands.progress import Progressed, silent
from tieout.domain.account import Group
from tieout.domain.books import BooksDocument, BooksLine, differences
from tieout.domain.journal import Journal, Side
from tieout.domain.money import Money
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.ports import Books, Outbox

_SETTLES = frozenset({Group.BANK, Group.CARD, Group.CLEARING})


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A journal, its posting, and what QuickBooks holds of it now (None where it holds nothing).

    `settled` is what the held lines that balance the draft add up to (bank, card, clearing; debits positive): over
    a settlement's journals it equals the settlement total. `differences` are in words, empty where it ties out.
    """

    journal: Journal
    posting: Posting | None
    held: BooksDocument | None
    settled: Money
    differences: tuple[str, ...]

    @property
    def ties_out(self) -> bool:
        """Whether QuickBooks holds exactly what was posted."""
        return self.held is not None and not self.differences


def read_back(
    journals: Sequence[Journal], *, books: Books, outbox: Outbox, progressed: Progressed = silent
) -> tuple[ReadBack, ...]:
    """Read every journal that is posted, by its id; BooksUnavailable where QuickBooks can't be asked."""
    home_currency = books.preferences().home_currency
    result = []
    for number, journal in enumerate(journals):
        progressed("Reading QuickBooks back", number, len(journals))
        result.append(_read(journal, books, outbox, home_currency))
    progressed("Reading QuickBooks back", len(journals), len(journals))
    return tuple(result)


def _read(journal: Journal, books: Books, outbox: Outbox, home_currency: str) -> ReadBack:
    numbered = as_numbered_now(journal, outbox, books.realm_id)
    posting = outbox.get(PostingKey(books.realm_id, "JournalEntry", numbered.doc_number))
    nothing = Money.zero(journal.currency)
    if posting is None or posting.state is not PostingState.POSTED:
        return ReadBack(numbered, posting, None, nothing, ("it is not posted",) if journal.posted_lines else ())
    held = books.read("JournalEntry", posting.quickbooks_id)
    if held is None:
        return ReadBack(numbered, posting, None, nothing, ("it was deleted in QuickBooks",))
    sent = books.as_sent("JournalEntry", posting.body, home_currency)
    draft = outbox.draft(posting.content_hash) or numbered
    names = {line.account_id: line.account_name for line in held.lines}
    names |= {there.account_id: line.account for line, there in zip(draft.posted_lines, sent.lines, strict=True)}
    return ReadBack(numbered, posting, held, _settled(draft, sent, held), differences(sent, held, names))


def _settled(draft: Journal, sent: BooksDocument, held: BooksDocument) -> Money:
    """The sum of the held lines that stand where the draft's bank, card and clearing lines were sent to."""
    places = {
        _place(there) for line, there in zip(draft.posted_lines, sent.lines, strict=True) if line.group in _SETTLES
    }
    total = Money.zero(held.currency)
    for line in held.lines:
        if _place(line) in places:
            total = total + line.amount if line.side is Side.DEBIT else total - line.amount
    return total


def _place(line: BooksLine) -> tuple[str, str]:
    return line.account_id, " ".join(line.description.split())
