"""What a draft says, as text and as a hash: the identity of its content, and the marker that carries it.

The marker stands in the private note of every document we post, so that a document can be recognised as ours,
and as this content, with nothing else at hand.
"""

import hashlib
import re

from tieout.domain.journal import Journal

_MARKED = 16
_MARKER = re.compile(rf"tieout:([0-9a-f]{{{_MARKED}}})(?![0-9a-f])", re.ASCII)


def content_text(journal: Journal) -> str:
    """What is posted of a journal, line by line. Lines of zero are not posted, so they do not count.

    The day is the draft's own; a later open day chosen at posting does not make it another draft.
    """
    head = f"JournalEntry {journal.doc_number} {journal.day.isoformat()} {journal.currency}\n{journal.memo}"
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


def marker(full_hash: str) -> str:
    """The marker of a content hash: "tieout:" and its first 16 digits."""
    return f"tieout:{full_hash[:16]}"


def is_same_content(known: str, content: str) -> bool:
    """Whether a known hash is that of a content; of documents found in the books only the marker's part is known."""
    return known == content or (len(known) == _MARKED and content[:_MARKED] == known)


def marked_hash(note: str) -> str:
    """The 16 digits of the marker in a private note; empty where there is none. The last one counts."""
    found = _MARKER.findall(note)
    return str(found[-1]) if found else ""
