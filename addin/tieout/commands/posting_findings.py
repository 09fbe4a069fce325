"""What a person is told about a document that was not, or not simply, posted."""

from collections.abc import Mapping, Sequence

from tieout.domain.books import BooksDocument
from tieout.domain.finding import Finding, Severity
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.posting import Posting
from tieout.ports import Outbox

_SHOWN_MAX = 4


def number_of_another(posting: Posting, held: Sequence[BooksDocument]) -> Finding:
    """That a document which is not ours, or has other content, stands under our number."""
    first = held[0]
    return Finding(
        code="number-of-another-document",
        severity=Severity.BLOCKED,
        what=(
            f"QuickBooks holds another {first.entity} numbered {first.doc_number}: {first.total} of"
            f" {first.day.isoformat()}, id {first.id}. It was not made from this draft."
        ),
        to_do="Look at it in QuickBooks: if unwanted, delete it there or give it another number; then post again.",
        subject=posting.subject,
    )


def posted_twice(posting: Posting, ours: Sequence[BooksDocument]) -> Finding:
    """That the books hold our document more than once."""
    ids = " and ".join(document.id for document in ours)
    return Finding(
        code="posted-twice",
        severity=Severity.BLOCKED,
        what=f"QuickBooks holds {posting.key} {len(ours)} times, with ids {ids}.",
        to_do=f"Delete all but id {ours[0].id} in QuickBooks, and press the button again.",
        subject=posting.subject,
    )


def number_shared(posting: Posting, held: Sequence[BooksDocument]) -> Finding:
    """That ours is in the books, and so is another document of the same number."""
    ids = ", ".join(document.id for document in held)
    return Finding(
        code="number-shared",
        severity=Severity.NOTICE,
        what=f"QuickBooks holds {posting.key}, and another document of the same number (ids {ids}).",
        to_do="Give the other one its own number in QuickBooks, so that nobody takes it for this one.",
        subject=posting.subject,
    )


def changed(posting: Posting, held: BooksDocument, found: Sequence[str]) -> Finding:
    """That the books hold our document otherwise than it was sent."""
    more = f"; and {len(found) - _SHOWN_MAX} more" if len(found) > _SHOWN_MAX else ""
    shown = "; ".join(found[:_SHOWN_MAX]) + more
    return Finding(
        code="changed-in-quickbooks",
        severity=Severity.BLOCKED,
        what=f"{posting.key} (id {held.id}) was changed in QuickBooks: {shown}.",
        to_do="Put it back in QuickBooks, or delete it there if the draft is right; then press the button again.",
        subject=posting.subject,
    )


def vanished(posting: Posting) -> Finding:
    """That the books said yes more than once, and yet hold nothing."""
    return Finding(
        code="posting-vanished",
        severity=Severity.BLOCKED,
        what=f"QuickBooks took {posting.key}, and does not hold it: somebody or something deletes it there.",
        to_do="Find out in QuickBooks' audit log who deletes it, and press the button again.",
        subject=posting.subject,
    )


def sibling_failed(journal: Journal, number: str) -> Finding:
    """That a part was not sent because an earlier part of its settlement was not posted."""
    return Finding(
        code="earlier-part-not-posted",
        severity=Severity.BLOCKED,
        what=f"{journal.doc_number} was not sent, because {number} of the same settlement was not posted.",
        to_do="Mend what is said about that one, and press the button again; both are posted then.",
        subject=journal.settlement_id,
    )


def other_content(subject: str, posted: Posting, outbox: Outbox, now: Journal | None) -> Finding:
    """That a settlement was posted, and its draft says something else now. `now` is None where a part is gone."""
    was = outbox.draft(posted.content_hash)
    return Finding(
        code="posted-with-other-content",
        severity=Severity.BLOCKED,
        what=f"{posted.key} is posted already, with other content: {_difference(was, now)}.",
        to_do="Nothing was sent. Undo the settlement and post it again, or put the mapping and settings back.",
        subject=subject,
    )


def _difference(was: Journal | None, now: Journal | None) -> str:
    if was is None or now is None:
        return "the draft has no part of that number now" if now is None else "what it said is not in this store"
    before, after = _by_account(was), _by_account(now)
    found = [
        f"{account} {_signed(before.get(account, 0), was)} then and {_signed(after.get(account, 0), now)} now"
        for account in sorted(before.keys() | after.keys())
        if before.get(account, 0) != after.get(account, 0)
    ]
    if was.day != now.day:
        found.insert(0, f"dated {was.day.isoformat()} then and {now.day.isoformat()} now")
    return "; ".join(found[:_SHOWN_MAX]) or "its texts or its lines' order differ"


def _by_account(journal: Journal) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for line in journal.lines:
        sums[line.account] = sums.get(line.account, 0) + line.signed_minor
    return sums


def _signed(minor: int, journal: Journal) -> str:
    return Money(minor, journal.currency).decimal
