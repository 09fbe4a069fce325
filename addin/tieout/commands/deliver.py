"""Bringing documents into the books, each exactly once, whatever happens on the way.

The order of work (ARCHITECTURE.md, "Posting once"): the exact bytes and the request ids are committed; the books
are asked for the numbers (ours and unchanged: adopted; anything else: a person decides); the postings are committed
as about to be sent; they are sent; the answers are looked at and committed. What is not known is asked about, after
the time in which an earlier request can still take effect, before the same bytes go out again under the same request
id; and never more than `QUICKBOOKS_SENDS_MAX` times in a run. It works for any kind of document: nothing here knows
what a journal is. Many documents share their questions and their requests; one alone takes the same way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tieout.commands import posting_findings as say
from tieout.commands.judging import Decision, ask, commit
from tieout.commands.posting_run import Change, Delivered, How, Parcel, PostingRun, planned
from tieout.commands.sending import Round
from tieout.domain.content import is_same_content
from tieout.domain.finding import Finding
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.limits import QUICKBOOKS_BATCH_ITEMS_MAX, QUICKBOOKS_QUERY_VALUES_MAX, QUICKBOOKS_SENDS_MAX


def deliver(run: PostingRun, parcel: Parcel) -> Delivered:
    """Post a parcel, or find it posted; BooksUnavailable where the run can't go on (nothing is lost by that)."""
    (delivered,) = deliver_all(run, (parcel,))
    return delivered


def deliver_all(run: PostingRun, parcels: Sequence[Parcel]) -> Iterator[Delivered]:
    """Post parcels, or find them posted; what came of each, as soon as it is decided and committed.

    None may need another to be posted before it. BooksUnavailable where the run can't go on, after what was decided
    until then was given out; whatever `run.progressed` raises to stop it, likewise. ValueError for two parcels of one
    key.
    """
    if len({parcel.key for parcel in parcels}) < len(parcels):
        raise ValueError("two parcels are for the same document")
    done = 0
    for wave in _waves(parcels):
        for delivered in _Wave(run, wave, done, len(parcels)).deliver():
            done += 1
            yield delivered


def settle(run: PostingRun, posting: Posting) -> Posting:
    """Find out what became of a posting that was being sent, and commit it; it is not sent again."""
    found, _ = ask(run, (posting,))
    if found:
        return found[0].posting
    return run.save(replace(posting, state=PostingState.PLANNED, sent_at=None), "found not sent", posting)


def _waves(parcels: Sequence[Parcel]) -> Iterator[Sequence[Parcel]]:
    """Parcels of one kind each, as many as one question can be about."""
    by_entity: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        by_entity.setdefault(parcel.key.entity, []).append(parcel)
    for of_kind in by_entity.values():
        size = _wave_size(len(of_kind))
        for start in range(0, len(of_kind), size):
            yield of_kind[start : start + size]


def _wave_size(count: int) -> int:
    """How many parcels go together: few waves, about equal, and of full batches where there are several."""
    waves = -(-count // QUICKBOOKS_QUERY_VALUES_MAX)
    if waves == 1:
        return count
    batches = -(-count // (waves * QUICKBOOKS_BATCH_ITEMS_MAX))
    return min(batches, QUICKBOOKS_QUERY_VALUES_MAX // QUICKBOOKS_BATCH_ITEMS_MAX) * QUICKBOOKS_BATCH_ITEMS_MAX


class _Wave:
    """Parcels of one kind on their way together; `done` of `of` came before them."""

    def __init__(self, run: PostingRun, parcels: Sequence[Parcel], done: int, of: int) -> None:
        self._run = run
        self._parcels = parcels
        self._done = done
        self._of = of

    def deliver(self) -> Iterator[Delivered]:
        """What came of each, as soon as it is decided."""
        decided, todo = self._planned()
        yield from self._given(decided)
        reasons: dict[PostingKey, Finding] = {}
        for _ in range(QUICKBOOKS_SENDS_MAX):
            decided, todo = ask(self._run, todo)
            yield from self._given(decided)
            if not todo:
                return
            sent = Round(self._run, self._told)
            sent.send(todo)
            yield from self._given(sent.decided)
            if sent.stopped is not None:
                raise sent.stopped
            todo, reasons = sent.undecided, sent.reasons
        decided, todo = ask(self._run, todo)
        yield from self._given([*decided, *commit(self._run, [_given_up(each, reasons[each.key]) for each in todo])])

    def _given(self, decided: Sequence[Delivered]) -> Sequence[Delivered]:
        self._done += len(decided)
        return decided

    def _told(self, sent: int) -> None:
        self._run.progressed("Posting to QuickBooks", self._done + sent, self._of)

    def _planned(self) -> tuple[list[Delivered], list[Posting]]:
        """What is decided without asking, and the others with their bytes committed."""
        before = self._run.outbox.get_many([parcel.key for parcel in self._parcels])
        decided: list[Delivered] = []
        todo: list[Posting] = []
        changes: list[Change] = []
        for parcel in self._parcels:
            known = before.get(parcel.key)
            if known is not None and known.state is PostingState.POSTED and not _is_only_marked(known, parcel):
                decided.append(self._known(known, parcel))
                continue
            posting = _stored(known, parcel)
            todo.append(posting)
            if posting != known:
                changes.append(Change(posting, "planned", known))
        self._run.save_all(changes)
        return decided, todo

    def _known(self, posting: Posting, parcel: Parcel) -> Delivered:
        if posting.content_hash == parcel.content_hash:
            return Delivered(posting, How.ALREADY)
        finding = say.other_content(parcel.subject, posting, self._run.outbox, None)
        return Delivered(posting, How.REFUSED, findings=(finding,))


def _is_only_marked(posting: Posting, parcel: Parcel) -> bool:
    """Whether it was found in the books by its marker alone, and was never compared with a parcel's bytes.

    It is asked about like one that nothing is known of, and adopted.
    """
    same = is_same_content(posting.content_hash, parcel.content_hash)
    return same and posting.content_hash != parcel.content_hash


def _stored(before: Posting | None, parcel: Parcel) -> Posting:
    """The posting to be committed. One that may have been sent keeps the bytes it was sent with."""
    if before is not None and before.state is PostingState.SENDING:
        if before.content_hash != parcel.content_hash:
            raise ValueError(f"{parcel.key} was being sent with other content; it has to be settled first")
        return before
    return planned(before, parcel)


def _given_up(posting: Posting, reason: Finding) -> Decision:
    ended = replace(posting, state=PostingState.PLANNED, reason=reason.what)
    return Decision(Delivered(ended, How.REFUSED, findings=(reason,)), "gave up for now", posting)
