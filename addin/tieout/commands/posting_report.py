"""What a run of posting came to, journal by journal."""

from dataclasses import dataclass

from tieout.commands.posting_run import Delivered, How
from tieout.domain.books import BooksDocument
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.domain.posting import Posting, PostingState
from tieout.domain.proposal import Proposal


@dataclass(frozen=True, slots=True)
class PostedJournal:
    """A journal and where it stands: its posting (None where none was begun), and the document when it was read.

    `journal` bears the number it posts under, which differs from the draft's after a reversal.
    """

    journal: Journal
    how: How
    posting: Posting | None = None
    held: BooksDocument | None = None

    @property
    def state(self) -> PostingState | None:
        """The state of its posting."""
        return self.posting.state if self.posting else None

    @property
    def quickbooks_id(self) -> str:
        """Its id in QuickBooks; empty where it is not known to be there."""
        return self.posting.quickbooks_id if self.posting else ""

    @property
    def is_posted(self) -> bool:
        """Whether nothing more has to be done for it."""
        return self.how is not How.REFUSED

    @classmethod
    def of(cls, journal: Journal, delivered: Delivered) -> "PostedJournal":
        """What came of a journal's parcel."""
        return cls(journal, delivered.how, delivered.posting, delivered.held)


@dataclass(frozen=True, slots=True)
class PostingReport:
    """All journals of a run, in their order, with every finding and the accounts that were made.

    `proposed` are accounts that are missing and were not made.
    """

    journals: tuple[PostedJournal, ...]
    findings: tuple[Finding, ...] = ()
    created_accounts: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every journal is in the books, or has nothing to post."""
        return all(journal.is_posted for journal in self.journals)

    def count(self, how: How) -> int:
        """How many journals came to stand where they are in one way."""
        return sum(journal.how is how for journal in self.journals)
