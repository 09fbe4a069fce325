"""One round of sending: documents of one kind, each sent once, and what is known of each afterwards."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tieout.commands import posting_findings as say
from tieout.commands.judging import Decision, as_posted, ask, commit, conflict, find, judge
from tieout.commands.posting_run import Change, Delivered, How, PostingRun, next_generation
from tieout.commands.volley import exchange, next_volley
from tieout.domain.books import BooksDocument
from tieout.domain.finding import Finding
from tieout.domain.posting import Outcome, Posting, PostingKey, PostingState
from tieout.ports import BooksUnavailable, Reply


@dataclass(slots=True)
class Round:
    """What a round came to. `undecided` may be sent again; `reasons` say why they are not decided.

    `stopped` is why nothing more can be sent in this run: the books' refusal to go on, or the user's.
    """

    run: PostingRun
    told: Callable[[int], None]
    decided: list[Delivered] = field(default_factory=list)
    undecided: list[Posting] = field(default_factory=list)
    reasons: dict[PostingKey, Finding] = field(default_factory=dict)
    stopped: Exception | None = None
    _answered: list[tuple[Posting, BooksDocument]] = field(default_factory=list)
    _puzzling: list[tuple[Posting, Reply]] = field(default_factory=list)

    def send(self, postings: Sequence[Posting]) -> None:
        """Send each once; what was answered is looked at also where the sending has to stop."""
        waiting = deque(postings)
        while waiting and self.stopped is None:
            self._volley(waiting)
            if waiting:
                self._tell(len(postings) - len(waiting))
        self.undecided += waiting
        try:
            self._look_into()
            self._confirm()
        except BooksUnavailable as unavailable:
            self.stopped = self.stopped or unavailable

    def _tell(self, done: int) -> None:
        try:
            self.told(done)
        except Exception as stop:  # whoever is told may say that it is to stop; it does, with what was sent looked at
            self.stopped = stop

    def _volley(self, waiting: deque[Posting]) -> None:
        requests = []
        changes: list[Change] = []
        for request in next_volley(waiting, self.run.books.batches_free()):
            leaving = tuple(self._about_to_send(posting) for posting in request)
            requests.append(leaving)
            changes += [Change(new, "sending", old) for new, old in zip(leaving, request, strict=True)]
        self.run.save_all(changes)
        changes = []
        for request, replies in zip(requests, exchange(self.run, requests), strict=True):
            for posting, reply in zip(request, replies, strict=True):
                changes += self._take(posting, reply)
        self.run.save_all(changes)

    def _about_to_send(self, posting: Posting) -> Posting:
        now = self.run.clock.now()
        return replace(posting, state=PostingState.SENDING, sent_at=now, attempts=posting.attempts + 1)

    def _take(self, posting: Posting, reply: Reply) -> list[Change]:
        """Note what a reply says; the change of the posting, if it says one."""
        if reply.outcome is Outcome.APPLIED and reply.document is not None:
            self._answered.append((posting, reply.document))
            return []
        if reply.outcome in {Outcome.APPLIED, Outcome.CONFLICT}:
            self._puzzling.append((posting, reply))
            return []
        finding = _about(posting, reply)
        if reply.outcome is Outcome.UNKNOWN:
            self.reasons[posting.key] = finding
            self.undecided.append(posting)
            return []
        if reply.outcome in {Outcome.WAIT, Outcome.SIGN_IN}:
            self.stopped = self.stopped or BooksUnavailable(reply.outcome, finding)
            unsent = replace(posting, state=PostingState.PLANNED, reason=finding.what, sent_at=None)
            self.undecided.append(unsent)
            return [Change(unsent, "not sent", posting)]
        refused = _refused(posting, reply, PostingState.REJECTED)
        self.decided.append(refused.delivered)
        return [Change(refused.delivered.posting, refused.what, posting)]

    def _look_into(self) -> None:
        """Find out about what the books took for a conflict, or said to have received before."""
        replies = {posting.key: reply for posting, reply in self._puzzling}
        found, absent = ask(self.run, [posting for posting, _ in self._puzzling])
        self.decided += found
        refused = [
            _refused(posting, replies[posting.key], PostingState.CONFLICT)
            for posting in absent
            if replies[posting.key].outcome is Outcome.CONFLICT
        ]
        self.decided += commit(self.run, refused)
        used_up = [posting for posting in absent if replies[posting.key].outcome is Outcome.APPLIED]
        self._anew(used_up, "the books know the request already, and hold no such document")

    def _confirm(self) -> None:
        """Compare what the books hold now with what was sent, to the minor unit, line by line: read by their ids.

        An id that leads to nothing is the answer to an earlier request, played again, whose document was deleted
        since: the posting goes on under a request id of its own.
        """
        held = self._read()
        again = [posting for posting, _ in self._answered if posting.attempts > 1]
        by_number = find(self.run, again) if again else {}
        decisions, gone = [], []
        for posting, echo in self._answered:
            document = held.get(echo.id)
            twice = by_number.get(posting.key.doc_number, ())
            if document is None:
                gone.append(posting)
            elif found := self.run.differences(posting, document):
                decisions.append(conflict(posting, document, say.changed(posting, document, found)))
            elif len(twice) > 1:
                decisions.append(judge(self.run, posting, twice))
            else:
                posted = as_posted(posting, document, echo.intuit_tid)
                decisions.append(Decision(Delivered(posted, How.CREATED, document), "posted", posting))
        self.decided += commit(self.run, decisions)
        self._anew(gone, "the books answered with a document that is deleted")

    def _read(self) -> dict[str, BooksDocument]:
        """What the books hold, by id. A query may not know yet what was made a moment ago; reading by id does."""
        held: dict[str, BooksDocument] = {}
        if len(self._answered) > 1:
            entity = self._answered[0][0].key.entity
            held |= self.run.books.read_many(entity, [echo.id for _, echo in self._answered])
        for posting, echo in self._answered:
            if echo.id not in held:
                document = self.run.books.read(posting.key.entity, echo.id)
                if document is not None:
                    held[echo.id] = document
        return held

    def _anew(self, postings: Sequence[Posting], reason: str) -> None:
        fresh = [next_generation(posting, reason) for posting in postings]
        self.run.save_all([Change(new, "planned anew", old) for new, old in zip(fresh, postings, strict=True)])
        self.undecided += fresh
        self.reasons |= {posting.key: say.vanished(posting) for posting in fresh}


def _refused(posting: Posting, reply: Reply, state: PostingState) -> Decision:
    finding = _about(posting, reply)
    ended = replace(posting, state=state, reason=finding.what, intuit_tid=reply.intuit_tid)
    return Decision(Delivered(ended, How.REFUSED, findings=(finding,)), "refused by the books", posting)


def _about(posting: Posting, reply: Reply) -> Finding:
    assert reply.finding is not None, "every reply but an applied one says why"
    return replace(reply.finding, subject=posting.subject)
