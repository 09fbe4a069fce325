"""What a draft says, as text and as a hash: the identity of its content.

The hash stands in the private note of every document we post (`private_note.py`), so that a document can be
recognised as ours, and as this content, with nothing else at hand.
"""

import hashlib

from tieout.domain.journal import Journal
from tieout.domain.private_note import MARKED


def content_text(journal: Journal) -> str:
    """What is posted of a journal, line by line. Lines of zero are not posted, so they do not count.

    The day is the draft's own; a later open day chosen at posting does not make it another draft.
    """
    head = f"JournalEntry {journal.doc_number} {journal.day.isoformat()} {journal.currency}\n{journal.memo}"
    head += f"\nlocation {journal.location}" if journal.location else ""
    lines = (
        "\t".join(
            (line.side.value, line.amount.decimal, line.account, line.description, line.tax_code, line.class_name)
        )
        for line in journal.posted_lines
    )
    return "\n".join((head, *lines)) + "\n"


def content_hash(journal: Journal) -> str:
    """The SHA-256 of `content_text`, in hexadecimal."""
    return hashlib.sha256(content_text(journal).encode("utf-8")).hexdigest()


def is_same_content(known: str, content: str) -> bool:
    """Whether two hashes are of one content; of documents found in the books only the beginning may be known."""
    if len(known) == MARKED or len(content) == MARKED:
        return known[:MARKED] == content[:MARKED]
    return known == content
