"""What a person is told about an undo."""

from tieout.domain.finding import Finding, Severity
from tieout.domain.posting import Posting


def gone_already(posting: Posting) -> Finding:
    """That somebody deleted it in QuickBooks before."""
    return Finding(
        code="deleted-in-quickbooks",
        severity=Severity.NOTICE,
        what=f"{posting.key} was deleted in QuickBooks before; here it counts as undone now.",
        to_do="Nothing has to be done; it can be posted again.",
        subject=posting.subject,
    )


def reversed_instead(posting: Posting, number: str) -> Finding:
    """That it was reversed, since it could not be deleted."""
    return Finding(
        code="reversed-instead-of-deleted",
        severity=Severity.NOTICE,
        what=f"{posting.key} is in a closed period: {number} takes it back, dated the first open day.",
        to_do="Nothing has to be done; both documents stay in QuickBooks.",
        subject=posting.subject,
    )


def draft_missing(posting: Posting) -> Finding:
    """That the draft behind a posting is not in this store, so that it can't be reversed."""
    return Finding(
        code="draft-missing",
        severity=Severity.BLOCKED,
        what=f"{posting.key} is in a closed period, and the draft it was made from is not in this store.",
        to_do="Reverse it in QuickBooks by hand, or move the closing date back and undo it then.",
        subject=posting.subject,
    )


def not_posted(number: str) -> Finding:
    """That there is nothing to undo under a number."""
    return Finding(
        code="nothing-to-undo",
        severity=Severity.NOTICE,
        what=f"Nothing is posted for {number}.",
        to_do="If it is undone already, nothing is left to do; else look for it with `tieout log`.",
        subject=number,
    )
