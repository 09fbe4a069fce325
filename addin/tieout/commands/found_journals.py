"""The journal that a document in the books was drafted as, proved by the hash in its note.

Number, day, currency, memo and lines stand in the books; the marker in the note holds the beginning of the hash of
all of them. Where they give that hash again, nothing was changed since, and the journal can be kept as its draft.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tieout.domain.account import Group
from tieout.domain.books import BooksAccount, BooksDocument
from tieout.domain.content import content_hash, is_same_content
from tieout.domain.journal import Journal, JournalLine, Unbalanced
from tieout.domain.private_note import read_note

_REVERSES = re.compile(r"Reverses ([A-Z0-9-]{1,21})\. ", re.ASCII)


@dataclass(frozen=True, slots=True)
class Places:
    """The ids of classes and locations in the books, by name."""

    classes: Mapping[str, str] = field(default_factory=dict)
    locations: Mapping[str, str] = field(default_factory=dict)


def found_journal(
    document: BooksDocument,
    accounts: Sequence[BooksAccount],
    places: Places,
) -> Journal | None:
    """The journal that a journal entry was drafted as; None where that can't be proved.

    An entry with tax codes is not tried: on which side of the return a
    line belongs is not in the draft's hash.
    """
    note = read_note(document.note)
    if note is None or not note.subject or any(line.tax_code_id for line in document.lines):
        return None
    class_names = {identity: name for name, identity in places.classes.items()}
    locations = {identity: name for name, identity in places.locations.items()} | {"": ""}
    for names in _account_names(accounts):
        try:
            journal = Journal(
                doc_number=note.number or document.doc_number,
                day=document.day,
                currency=document.currency,
                memo=note.memo,
                lines=tuple(_lines(document, names, class_names)),
                settlement_id=note.subject,
                part=note.part,
                parts=note.parts,
                location=locations[document.lines[0].location_id] if document.lines else "",
                reverses=found[1] if (found := _REVERSES.match(f"{note.memo} ")) else "",
            )
        except (KeyError, Unbalanced):
            continue
        if is_same_content(content_hash(journal), note.content):
            return journal
    return None


def _account_names(accounts: Sequence[BooksAccount]) -> Iterator[dict[str, str]]:
    """The ways in which drafts may have named accounts: by their own names, or with their parents'."""
    yield {account.id: account.name for account in accounts}
    yield {account.id: account.full_name for account in accounts}


def _lines(document: BooksDocument, names: Mapping[str, str], classes: Mapping[str, str]) -> Iterator[JournalLine]:
    for line in document.lines:
        assert line.side is not None, "a journal entry's lines have sides"
        class_name = classes[line.class_id] if line.class_id else ""
        yield JournalLine(
            side=line.side,
            amount=line.amount,
            account=names[line.account_id],
            group=Group.OTHER,
            description=line.description,
            class_name=class_name,
        )
