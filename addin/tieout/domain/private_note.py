"""The private note of a document of ours: its memo, and a tail by which it is known again when the store is lost.

    Amazon US settlement [AMZ-242-1; for 242, part 1 of 2; tieout:<64 digits>; sealed:<16 digits>]

The tail holds the number that the document was posted under, the settlement or order it is for, the hash of its
content, and the beginning of a hash over what was sent (`domain.books.seal_of`), by which a later change shows. The
form is fixed: what stands in somebody's books stays there. Older notes, which are read too, hold 16 digits of the
content's hash, no seal, and the number or "Amazon settlement 242, part 1 of 2".
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

# Of an older note so many digits of the content's hash are known; of a seal so many are kept.
MARKED = 16
_MARKER = re.compile(rf"tieout:([0-9a-f]{{64}}|[0-9a-f]{{{MARKED}}})(?![0-9a-f])", re.ASCII)
_TAIL = re.compile(
    r"\[(?:(?P<number>[A-Z0-9-]{1,21}); )?"
    r"(?:(?:for (?P<subject>[^\s,;\]]+)|Amazon settlement (?P<settlement>[^\s,;\]]+))"
    r"(?:, part (?P<part>[0-9]{1,4}) of (?P<parts>[0-9]{1,4}))?; )?"
    rf"tieout:(?P<content>[0-9a-f]{{64}}|[0-9a-f]{{{MARKED}}})"
    rf"(?:; sealed:(?P<seal>[0-9a-f]{{{MARKED}}}))?\]",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class PrivateNote:
    """What a note says. `content` is the content's hash, whole or 16 digits; number, subject, seal may be empty."""

    memo: str
    content: str
    number: str = ""
    subject: str = ""
    part: int = 1
    parts: int = 1
    seal: str = ""

    def text(self, characters_max: int) -> str:
        """The note as it is posted, of so many characters at most: a memo too long is cut, never the tail."""
        part = f", part {self.part} of {self.parts}" if self.parts > 1 else ""
        tail = f"[{self.number}; for {quote(self.subject, safe='')}{part}; tieout:{self.content}"
        # Room is kept for a seal also where there is none yet, so that a memo is always cut in one place.
        memo = plain(self.memo)[: characters_max - len(tail) - len("; sealed:]") - MARKED - 1].rstrip()
        sealed = f"; sealed:{self.seal}]" if self.seal else "]"
        return f"{memo} {tail}{sealed}" if memo else f"{tail}{sealed}"


def read_note(note: str) -> PrivateNote | None:
    """What a note says that bears our mark; None for any other. The last mark counts."""
    marks = _MARKER.findall(note)
    if not marks:
        return None
    tail = next((found for found in reversed(list(_TAIL.finditer(note))) if found["content"] == marks[-1]), None)
    if tail is None:
        return PrivateNote(plain(note), str(marks[-1]))
    return PrivateNote(
        memo=plain(f"{note[: tail.start()]} {note[tail.end() :]}"),
        content=tail["content"],
        number=tail["number"] or "",
        subject=unquote(tail["subject"]) if tail["subject"] else tail["settlement"] or "",
        part=int(tail["part"] or 1),
        parts=int(tail["parts"] or 1),
        seal=tail["seal"] or "",
    )


def marked_hash(note: str) -> str:
    """The hash of the mark in a private note, whole or 16 digits; empty where there is none."""
    found = read_note(note)
    return found.content if found is not None else ""


def has_seal(note: str) -> bool:
    """Whether a note holds a seal: every one of ours but for the older ones."""
    found = read_note(note)
    return found is not None and bool(found.seal)


def is_same_note(ours: str, theirs: str) -> bool:
    """Whether two notes say the same; one of the older form says less, and may be the same as one of the newer."""
    if plain(ours) == plain(theirs):
        return True
    one, other = read_note(ours), read_note(theirs)
    if one is None or other is None or bool(one.seal) == bool(other.seal):
        return False
    return one.memo == other.memo and one.content[:MARKED] == other.content[:MARKED]


def plain(text: str) -> str:
    """Text without the space that an entry form may add or take away."""
    return " ".join(text.split())
