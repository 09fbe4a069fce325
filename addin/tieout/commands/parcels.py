"""Journals as parcels: with the books' ids of accounts, the note that carries our marker, the day they post on."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tieout.commands.posting_run import Parcel
from tieout.domain.books import BooksPreferences
from tieout.domain.content import content_hash, marker
from tieout.domain.journal import Journal
from tieout.domain.posting import PostingKey
from tieout.limits import QUICKBOOKS_NOTE_CHARACTERS_MAX
from tieout.ports import Books, JournalNames, Writer


class ClosedPeriod(StrEnum):
    """What happens to a journal whose day is closed (rule 11 of ARCHITECTURE.md): the user chooses."""

    WAIT = "wait"  # it is not posted, and said so
    FIRST_OPEN_DAY = "first open day"  # it is posted on the day after the closing date


@dataclass(frozen=True, slots=True)
class Encoder:
    """Turns journals into parcels for one company, as its books stand now."""

    books: Books
    preferences: BooksPreferences
    names: JournalNames
    closed_period: ClosedPeriod = ClosedPeriod.WAIT

    def is_closed(self, day: date) -> bool:
        """Whether the books are closed on a day, as far as they say."""
        closed = self.preferences.closed_until
        return closed is not None and day <= closed

    def day(self, journal: Journal) -> date:
        """The day a journal posts on."""
        closed = self.preferences.closed_until
        if closed is None or journal.day > closed or self.closed_period is ClosedPeriod.WAIT:
            return journal.day
        return closed + timedelta(days=1)

    def parcel(self, writer: Writer, journal: Journal) -> Parcel:
        """The parcel of a journal, whose draft is kept first."""
        hashed = content_hash(journal)
        writer.keep_draft(journal, hashed)
        body = self.books.journal_body(
            journal, self.day(journal), private_note(journal, hashed), self.names, self.preferences.multicurrency
        )
        return Parcel(
            PostingKey(self.books.realm_id, "JournalEntry", journal.doc_number), journal.settlement_id, hashed, body
        )


def private_note(journal: Journal, hashed: str) -> str:
    """The memo, the whole settlement id and part, and the marker; a memo too long is cut, never the rest."""
    part = f", part {journal.part} of {journal.parts}" if journal.parts > 1 else ""
    tail = f"[Amazon settlement {journal.settlement_id}{part}; {marker(hashed)}]"
    memo = " ".join(journal.memo.split())[: QUICKBOOKS_NOTE_CHARACTERS_MAX - len(tail) - 1]
    return f"{memo} {tail}" if memo else tail
