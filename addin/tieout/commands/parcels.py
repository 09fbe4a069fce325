"""Journals as parcels: with the books' ids of accounts, the note that carries our marker, the day they post on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from tieout.commands.posting_run import Parcel
from tieout.domain.books import BooksPreferences, seal_of
from tieout.domain.content import content_hash
from tieout.domain.journal import Journal
from tieout.domain.posting import PostingKey
from tieout.domain.private_note import PrivateNote, plain
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
        key = PostingKey(self.books.realm_id, "JournalEntry", journal.doc_number)
        day = self.day(journal)

        def body(note: str) -> bytes:
            return self.books.journal_body(journal, day, note, self.names, self.preferences.multicurrency)

        sealed = sealed_body(
            self.books, self.preferences.home_currency, key.entity, journal_note(journal, hashed), body
        )
        return Parcel(key, journal.settlement_id, hashed, sealed)


def journal_note(journal: Journal, hashed: str) -> PrivateNote:
    """The note of a journal, not sealed yet."""
    subject, part, parts = journal.settlement_id, journal.part, journal.parts
    return PrivateNote(plain(journal.memo), hashed, journal.doc_number, subject, part, parts)


def sealed_body(
    books: Books, home_currency: str, entity: str, note: PrivateNote, body: Callable[[str], bytes]
) -> bytes:
    """The bytes of a document, its note sealed over what they say; `body` makes them with a note."""
    said = books.as_sent(entity, body(note.text(QUICKBOOKS_NOTE_CHARACTERS_MAX)), home_currency)
    return body(replace(note, seal=seal_of(said)).text(QUICKBOOKS_NOTE_CHARACTERS_MAX))
