"""The journal that a document in the books was drafted as, proved by the hash in its note.

Number, day, currency, memo and lines stand in the books; the marker in the note holds the beginning of the hash of
all of them. Where they give that hash again, nothing was changed since, and the journal can be kept as its draft.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from tieout.domain.account import Group
from tieout.domain.books import BooksAccount, BooksDocument
from tieout.domain.content import content_hash, marked_hash
from tieout.domain.journal import Journal, JournalLine, Unbalanced

# What `parcels.private_note` puts behind the memo.
_TAIL = re.compile(
    r" ?\[Amazon settlement (?P<id>[^\s,;\]]+)(?:, part (?P<part>\d+) of (?P<parts>\d+))?; tieout:[0-9a-f]{16}\]\s*\Z"
)
_REVERSES = re.compile(r"Reverses ([A-Z0-9-]{1,21})\. ", re.ASCII)


def found_journal(
    document: BooksDocument, accounts: Sequence[BooksAccount], classes: Mapping[str, str]
) -> Journal | None:
    """The journal that a journal entry was drafted as; None where that can't be proved.

    `classes` gives the ids of classes by name. An entry with tax codes is not tried: on which side of the return a
    line belongs is not in the draft's hash.
    """
    tail = _TAIL.search(document.note)
    if tail is None or any(line.tax_code_id for line in document.lines):
        return None
    memo = document.note[: tail.start()]
    class_names = {identity: name for name, identity in classes.items()}
    for names in _account_names(accounts):
        try:
            journal = Journal(
                doc_number=document.doc_number,
                day=document.day,
                currency=document.currency,
                memo=memo,
                lines=tuple(_lines(document, names, class_names)),
                settlement_id=tail["id"],
                part=int(tail["part"] or 1),
                parts=int(tail["parts"] or 1),
                reverses=found[1] if (found := _REVERSES.match(memo)) else "",
            )
        except (KeyError, Unbalanced):
            continue
        if content_hash(journal)[:16] == marked_hash(document.note):
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
