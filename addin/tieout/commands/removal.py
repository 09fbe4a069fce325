"""Many documents taken out of the books together: those that nobody changed, in an open period.

A deletion names the version it is of, so that the same one done twice does nothing the second time: batches are safe
for it. What can't simply be deleted (changed, closed, gone, or not known to be done) is left to be taken back one by
one, which looks at it anew.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tieout.commands.posting_run import Change, Delivered, How, PostingRun
from tieout.commands.undoing import deletion_id
from tieout.commands.volley import at_once
from tieout.domain.books import BooksDocument
from tieout.domain.posting import Outcome, Posting, PostingState
from tieout.limits import (
    QUICKBOOKS_BATCH_ITEMS_MAX,
    QUICKBOOKS_QUERY_VALUES_MAX,
    QUICKBOOKS_REQUESTS_AT_ONCE_MAX,
)
from tieout.ports import BooksUnavailable, Operation, Reply, Write

_BATCH_IDS = uuid.UUID("3d0f6a0e-51f5-5d0c-9d5a-0c3c4f1d7b62")
_Found = tuple[Posting, BooksDocument]


@dataclass(slots=True)
class Removal:
    """What came of deleting some postings' documents. `left` are to be taken back one by one.

    `told` is called with how many are done before each group of requests, and may raise to stop. `stopped` is the
    books' refusal to go on; what was not reached then is in neither list.
    """

    run: PostingRun
    is_closed: Callable[[date], bool]
    told: Callable[[int], None]
    decided: list[Delivered] = field(default_factory=list)
    left: list[Posting] = field(default_factory=list)
    stopped: BooksUnavailable | None = None

    def remove(self, postings: Sequence[Posting]) -> None:
        """Delete the documents of some postings of one kind, of which no undo was begun."""
        for start in range(0, len(postings), QUICKBOOKS_QUERY_VALUES_MAX):
            found = self._unchanged(postings[start : start + QUICKBOOKS_QUERY_VALUES_MAX])
            volley = QUICKBOOKS_BATCH_ITEMS_MAX * QUICKBOOKS_REQUESTS_AT_ONCE_MAX
            for first in range(0, len(found), volley):
                if self.stopped is None:
                    self.told(len(self.decided) + len(self.left))
                    self._volley(found[first : first + volley])

    def _unchanged(self, postings: Sequence[Posting]) -> list[_Found]:
        if not postings:
            return []
        held = self.run.books.read_many(postings[0].key.entity, [each.quickbooks_id for each in postings])
        found: list[_Found] = []
        for posting in postings:
            document = held.get(posting.quickbooks_id)
            if document is None or self.is_closed(document.day) or self.run.differences(posting, document):
                self.left.append(posting)
            else:
                found.append((posting, document))
        return found

    def _volley(self, found: Sequence[_Found]) -> None:
        """Note that they are being undone, send the deletions, note what came of them."""
        now = self.run.clock.now()
        marked = [(replace(posting, undo_sent_at=now), document) for posting, document in found]
        changes = [Change(new, "undoing", old) for (new, _), (old, _) in zip(marked, found, strict=True)]
        self.run.save_all(changes)
        batches = [
            marked[start : start + QUICKBOOKS_BATCH_ITEMS_MAX]
            for start in range(0, len(marked), QUICKBOOKS_BATCH_ITEMS_MAX)
        ]
        changes = []
        for batch, replies in zip(batches, at_once(self._send, batches), strict=True):
            for (posting, _), reply in zip(batch, replies, strict=True):
                changes += self._take(posting, reply)
        self.run.save_all(changes)

    def _send(self, batch: Sequence[_Found]) -> tuple[Reply, ...]:
        books = self.run.books
        if len(batch) == 1:
            ((posting, document),) = batch
            entity, version = posting.key.entity, document.sync_token
            return (books.delete(entity, document.id, version, deletion_id(posting, document)),)
        writes = [
            Write(Operation.DELETE, posting.key.entity, books.deletion(document.id, document.sync_token))
            for posting, document in batch
        ]
        name = "|".join(deletion_id(posting, document) for posting, document in batch)
        return books.write_batch(writes, str(uuid.uuid5(_BATCH_IDS, name)))

    def _take(self, posting: Posting, reply: Reply) -> list[Change]:
        if reply.outcome is Outcome.APPLIED and reply.finding is None:
            ended = replace(posting, state=PostingState.UNDONE, undo_sent_at=None, quickbooks_id="", sync_token="")
            self.decided.append(Delivered(ended, How.UNDONE))
            return [Change(ended, "undone", posting)]
        if reply.outcome in {Outcome.WAIT, Outcome.SIGN_IN}:
            assert reply.finding is not None, "every reply but an applied one says why"
            finding = replace(reply.finding, subject=posting.subject)
            self.stopped = self.stopped or BooksUnavailable(reply.outcome, finding)
            kept = replace(posting, undo_sent_at=None, attempts=posting.attempts + 1)
            return [Change(kept, "not undone", posting)]
        self.left.append(posting)
        return []
