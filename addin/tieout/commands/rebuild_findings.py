"""What a person is told about documents that were found in the books."""

from collections.abc import Sequence

from tieout.domain.books import BooksDocument
from tieout.domain.finding import Finding, Severity
from tieout.domain.posting import Posting, PostingKey


def found_twice(key: PostingKey, documents: Sequence[BooksDocument]) -> Finding:
    """That the books hold several documents of ours under one number."""
    ids = ", ".join(document.id for document in documents)
    return Finding(
        code="found-twice",
        severity=Severity.BLOCKED,
        what=f"QuickBooks holds {key} {len(documents)} times (ids {ids}); none of them was restored.",
        to_do="Delete all but one in QuickBooks, and rebuild again.",
        subject=key.doc_number,
    )


def found_without_number(document: BooksDocument, posted_as: str) -> Finding:
    """That somebody gave a document of ours another number; `posted_as` is the one it was posted under, if known."""
    known = posted_as != document.doc_number
    was = f"; it was posted as {posted_as}, and is known as that" if known else ", which is none of ours"
    back = f"Give it the number {posted_as} in QuickBooks" if known else "Put its number back in QuickBooks"
    return Finding(
        code="found-without-number",
        severity=Severity.BLOCKED,
        what=(
            f"QuickBooks holds a {document.entity} of ours with the number {document.doc_number or '(none)'}{was}:"
            f" {document.total} of {document.day.isoformat()}, id {document.id}."
        ),
        to_do=f"{back}, and rebuild again." if not known else f"{back}; until then Undo leaves it as it is.",
        subject=posted_as,
    )


def found_changed(posting: Posting, document: BooksDocument) -> Finding:
    """That the store knows a document with other content than the books hold."""
    return Finding(
        code="found-with-other-content",
        severity=Severity.BLOCKED,
        what=(
            f"{posting.key} is known here with other content than QuickBooks holds (id {document.id}); it was left"
            " as it is known."
        ),
        to_do="Post it again: it is compared then, and the difference is told.",
        subject=posting.subject,
    )


def not_restored(key: PostingKey, document: BooksDocument, odd: Sequence[str]) -> Finding:
    """That the books hold something in a document of ours that we never write."""
    return Finding(
        code="found-not-restored",
        severity=Severity.BLOCKED,
        what=f"{key} (id {document.id}) was not restored: it holds what none of ours does ({'; '.join(odd)}).",
        to_do="Put it back in QuickBooks as it was posted, and rebuild again.",
        subject=key.doc_number,
    )


def posted_not_found(posting: Posting) -> Finding:
    """That a document that counts as posted is not in the books."""
    return Finding(
        code="posted-not-found",
        severity=Severity.BLOCKED,
        what=f"{posting.key} counts as posted here, and QuickBooks does not hold it with our marker.",
        to_do="Undo it, which counts it as deleted if it is gone, and post it again.",
        subject=posting.subject,
    )
