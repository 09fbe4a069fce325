"""What posting orders and their settlements for one company needs."""

from dataclasses import dataclass

from tieout.commands.posting_run import How
from tieout.domain.books import BooksDocument
from tieout.domain.company import Company
from tieout.domain.draft import Draft
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting
from tieout.domain.proposal import Proposal
from tieout.ports import Clock, Outbox
from tieout.sale_ports import SaleBooks


@dataclass(frozen=True, slots=True)
class SaleDesk:
    """A company, its books with their lists, its outbox, the clock, and who presses the button."""

    company: Company
    books: SaleBooks
    outbox: Outbox
    clock: Clock
    who: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """Documents that stand together: those of an order, or of a settlement, in the order they post in."""

    subject: str
    documents: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class PostedDocument:
    """A document and where it stands: its posting (None where none was begun), and the books' own when it was read.

    `document` bears the number it posts under, which differs from the draft's after a reversal.
    """

    document: Draft
    how: How
    posting: Posting | None = None
    held: BooksDocument | None = None

    @property
    def is_posted(self) -> bool:
        """Whether nothing more has to be done for it."""
        return self.how is not How.REFUSED

    @property
    def quickbooks_id(self) -> str:
        """Its id in QuickBooks; empty where it is not known to be there."""
        return self.posting.quickbooks_id if self.posting else ""


@dataclass(frozen=True, slots=True)
class DocumentsReport:
    """What came of each document, in their order; findings by subject, those of the whole run, and what was made.

    `created` names accounts, customers, vendors and items: "account Amazon Sales". `proposed` is what is missing, and
    was not made.
    """

    documents: tuple[PostedDocument, ...]
    by_subject: dict[str, tuple[Finding, ...]]
    findings: tuple[Finding, ...] = ()
    created: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every document is in the books, or has nothing to post."""
        return all(document.is_posted for document in self.documents)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding once: of the run, then subject by subject."""
        of_subjects = (finding for findings in self.by_subject.values() for finding in findings)
        return tuple(dict.fromkeys((*self.findings, *of_subjects)))
