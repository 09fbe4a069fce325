"""Documents as parcels: under the number they post under now, with the note by which they are known again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.commands.documents_check import Checked
from tieout.commands.numbers import reversal_number
from tieout.commands.parcels import journal_note, sealed_body
from tieout.commands.posting_run import Parcel
from tieout.commands.sale_desk import Bundle
from tieout.commands.stand_ins import stand_in
from tieout.domain.draft import Draft, entity_of, hash_of, subject_of
from tieout.domain.journal import Journal
from tieout.domain.payment import BillPayment, Payment, Settles
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.domain.private_note import PrivateNote, plain
from tieout.domain.sale import Sale
from tieout.limits import QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX
from tieout.ports import Outbox, Writer
from tieout.sale_ports import SaleBooks

# What follows a number after each reversal; not R, which marks what takes back (see numbers.py).
_LETTERS = "BCDEFGHJKLMNPQSTUVWXYZ"


def key_of(draft: Draft, realm_id: str) -> PostingKey:
    """What the posting of a draft is known by."""
    return PostingKey(realm_id, entity_of(draft), draft.doc_number)


def bundle_numbered_now(bundle: Bundle, outbox: Outbox, realm_id: str) -> Bundle:
    """A bundle with its documents under the numbers they post under now, and payments settling them under these."""
    numbered = [numbered_now(draft, outbox, realm_id) for draft in bundle.documents]
    moved = {
        (entity_of(old), old.doc_number): new.doc_number for old, new in zip(bundle.documents, numbered, strict=True)
    }
    return Bundle(bundle.subject, tuple(_settling(draft, moved) for draft in numbered))


def _settling(draft: Draft, moved: Mapping[tuple[str, str], str]) -> Draft:
    if not isinstance(draft, Payment | BillPayment):
        return draft
    settles = (
        replace(each, doc_number=moved.get((each.entity, each.doc_number), each.doc_number)) for each in draft.settles
    )
    return replace(draft, settles=tuple(settles))


def numbered_now(draft: Draft, outbox: Outbox, realm_id: str) -> Draft:
    """The draft under the number it posts under now: its own, or the next one after each reversal.

    What was reversed in a closed period stays there for ever under its number. An order's number gives up its prefix
    where a letter would not fit. A payment that was reversed is posted again on account.
    """
    plain = draft.order_id if isinstance(draft, Sale) and draft.subject == draft.order_id else draft.doc_number
    number = draft.doc_number
    for letter in _LETTERS:
        posting = outbox.get(PostingKey(realm_id, entity_of(draft), number))
        if posting is None or posting.state is not PostingState.UNDONE or not posting.reversed_by:
            break
        longer = f"{draft.doc_number}{letter}"
        number = longer if len(longer) <= QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX else f"{plain}{letter}"
    if number == draft.doc_number:
        return draft
    if isinstance(draft, Payment):
        return replace(draft, doc_number=number, on_account=True)
    return replace(draft, doc_number=number)


def taking_back_number(posting: Posting) -> str:
    """The number of the document that takes a posting back."""
    number = reversal_number(posting.key.doc_number)
    too_long = len(number) > QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX
    return reversal_number(posting.subject) if too_long else number


def settled_by(draft: Draft) -> Sequence[Settles]:
    """The documents that a payment is linked to; none for other drafts."""
    if isinstance(draft, Payment):
        return () if draft.on_account else draft.settles
    return draft.settles if isinstance(draft, BillPayment) else ()


def note_of(draft: Draft, hashed: str) -> PrivateNote:
    """The note of a draft, not sealed yet."""
    if isinstance(draft, Journal):
        return journal_note(draft, hashed)
    return PrivateNote(plain(draft.memo), hashed, draft.doc_number, subject_of(draft))


@dataclass(frozen=True, slots=True)
class Parcels:
    """Turns drafts into parcels for one company, as its books stand now."""

    books: SaleBooks
    outbox: Outbox
    checked: Checked

    def parcel(self, writer: Writer, draft: Draft) -> Parcel:
        """The parcel of a draft whose names were all found. A journal's draft is kept, for its reversal."""
        hashed = hash_of(draft)
        if isinstance(draft, Journal):
            writer.keep_draft(draft, hashed)
        names = replace(self.checked.names, documents=self._documents(draft))
        day = self.checked.encoder.day(stand_in(draft))
        key = key_of(draft, self.books.realm_id)

        def body(note: str) -> bytes:
            return self.books.documents.body(draft, day, note, names, self.checked.terms)

        home = self.checked.encoder.preferences.home_currency
        sealed = sealed_body(self.books, home, key.entity, note_of(draft, hashed), body)
        return Parcel(key, subject_of(draft), hashed, sealed)

    def not_standing(self, draft: Draft) -> tuple[Settles, ...]:
        """What a payment is to settle that does not stand in the books as we posted it."""
        found = self._documents(draft)
        return tuple(each for each in settled_by(draft) if (each.entity, each.doc_number) not in found)

    def _documents(self, draft: Draft) -> Mapping[tuple[str, str], str]:
        found = {}
        for each in settled_by(draft):
            posting = self.outbox.get(PostingKey(self.books.realm_id, each.entity, each.doc_number))
            if posting is not None and posting.state is PostingState.POSTED and posting.undo_sent_at is None:
                found[each.entity, each.doc_number] = posting.quickbooks_id
        return found
