"""Many documents posted together in the world of `tests.faults.world`, and what has to hold afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.world import Effects, World, journal
from tieout.commands.deliver import deliver_all
from tieout.commands.parcels import Encoder
from tieout.commands.posting_run import Delivered, How, PostingRun
from tieout.commands.progress import Progressed, silent
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal
from tieout.ports import AnotherWriter, BooksUnavailable, JournalNames, StoreUnwritable


@dataclass(frozen=True)
class Delivery:
    """What came of a press: what was decided, by number, and what stopped it, if anything did."""

    delivered: dict[str, Delivered]
    stopped: Finding | None

    def count(self, how: How) -> int:
        """How many documents came to stand where they are in one way."""
        return sum(each.how is how for each in self.delivered.values())

    @property
    def codes(self) -> set[str]:
        """The codes of everything that is to be said."""
        said = [finding for each in self.delivered.values() for finding in each.findings]
        return {finding.code for finding in (*said, *((self.stopped,) if self.stopped else ()))}


def some_journals(count: int) -> list[Journal]:
    """Independent documents, each with an amount of its own."""
    return [
        journal(f"AMZ-{number}-1", {"Business Checking": 100 + number, "Amazon Sales": -100 - number})
        for number in range(1001, 1001 + count)
    ]


def press(
    there: World, journals: Sequence[Journal], effects: Effects | None = None, told: Progressed = silent
) -> Delivery:
    """Post documents together, in a process of its own."""
    delivered: dict[str, Delivered] = {}
    stopped: Finding | None = None
    with there.process(effects) as process:
        books, outbox = process.books, process.store.outbox
        try:
            with outbox.writer("anna") as writer:
                preferences = books.preferences()
                ids = {account.name: account.id for account in books.accounts()}
                encoder = Encoder(books, preferences, JournalNames(ids, {}, {}))
                names = {identity: name for name, identity in ids.items()}
                run = PostingRun(books, outbox, writer, there.clock, "anna", preferences.home_currency, names, told)
                parcels = [encoder.parcel(writer, each) for each in journals]
                for each in deliver_all(run, parcels):
                    delivered[each.posting.key.doc_number] = each
        except (BooksUnavailable, AnotherWriter, StoreUnwritable) as ended:
            stopped = ended.finding
    return Delivery(delivered, stopped)


def finish(there: World, journals: Sequence[Journal]) -> None:
    """With nothing going wrong any more, one more press finishes the work, and another one does nothing."""
    there.practice.clear_faults()
    last = press(there, journals)
    assert last.stopped is None, last.stopped
    assert last.count(How.REFUSED) == 0, last.codes
    there.check_books(list(journals))
    there.check_store()
    writes = there.practice.write_requests()
    assert press(there, journals).count(How.ALREADY) == len(journals)
    assert there.practice.write_requests() == writes
