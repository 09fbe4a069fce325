"""Post to QuickBooks: documents of orders and settlements, each exactly once, with the reason for each that is not.

Documents of one bundle stand together: none is sent if one can't be, and payments go after what they pay. Bundles do
not depend on each other, so one order that fails keeps no other back. Who has nothing to do does nothing: where every
document is posted already with the same content, neither the store is written nor QuickBooks asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.commands import document_findings as say
from tieout.commands.deliver import deliver_all, settle
from tieout.commands.document_parcels import Parcels, bundle_numbered_now, key_of
from tieout.commands.documents_check import Agreed, Checked, check_documents
from tieout.commands.make_missing import make_missing
from tieout.commands.outbox_view import OutboxView
from tieout.commands.posting_run import Delivered, How, PostingRun
from tieout.commands.preflight import wrong_company
from tieout.commands.progress import Progressed, silent
from tieout.commands.sale_desk import Bundle, DocumentsReport, PostedDocument, SaleDesk
from tieout.commands.take_back_documents import take_back_document, takes_back
from tieout.domain.account import Chart
from tieout.domain.content import is_same_content
from tieout.domain.draft import Draft, hash_of, is_empty
from tieout.domain.finding import Finding, any_stops
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.posting import Posting, PostingKey, PostingState
from tieout.domain.proposal import Proposal
from tieout.ports import AnotherWriter, BooksUnavailable, Outbox, StoreUnwritable, Writer

_STANDING = frozenset({PostingState.POSTED, PostingState.SENDING})


def post_documents(
    bundles: Sequence[Bundle],
    desk: SaleDesk,
    *,
    chart: Chart,
    agreed: Agreed | None = None,
    progressed: Progressed = silent,
) -> DocumentsReport:
    """Post the documents of some bundles; the report says what became of each.

    `chart` says what an account would be that has to be made. Nothing is raised for what a user, QuickBooks or the
    network does. ValueError for two different documents of one number, or two bundles of one subject.
    """
    view = OutboxView(desk.outbox, desk.books.realm_id, [bundle.subject for bundle in bundles])
    desk = replace(desk, outbox=view)
    tally = _Tally(_numbered(bundles, desk))
    wrong = wrong_company(desk.company, desk.books, desk.outbox)
    if wrong is not None:
        tally.findings.append(wrong)
        return tally.report()
    todo = tally.not_done(desk)
    if todo:
        try:
            with desk.outbox.writer(desk.who) as writer:
                _Press(desk, chart, agreed or Agreed(), progressed, writer, tally).post(todo)
        except (BooksUnavailable, AnotherWriter, StoreUnwritable) as stopped:
            tally.findings.append(stopped.finding)
    return tally.report()


def _numbered(bundles: Sequence[Bundle], desk: SaleDesk) -> tuple[Bundle, ...]:
    """The bundles with their documents under the numbers that they post under now."""
    subjects = [bundle.subject for bundle in bundles]
    keys = [key_of(draft, "") for bundle in bundles for draft in bundle.documents]
    if len(set(subjects)) < len(subjects) or len(set(keys)) < len(keys):
        raise ValueError("two bundles are for one subject, or two documents have one number")
    return tuple(bundle_numbered_now(bundle, desk.outbox, desk.books.realm_id) for bundle in bundles)


@dataclass(slots=True)
class _Tally:
    """What came of each document so far, and what is to be said."""

    bundles: tuple[Bundle, ...]
    results: dict[PostingKey, PostedDocument] = field(default_factory=dict)
    by_subject: dict[str, list[Finding]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    created: tuple[str, ...] = ()
    proposed: tuple[Proposal, ...] = ()

    def report(self) -> DocumentsReport:
        """The report; a document that was not reached is not posted."""
        documents = tuple(
            self.results.get(key_of(draft, ""), PostedDocument(draft, How.REFUSED))
            for bundle in self.bundles
            for draft in bundle.documents
        )
        by_subject = {subject: tuple(dict.fromkeys(found)) for subject, found in self.by_subject.items()}
        found = tuple(dict.fromkeys(self.findings))
        return DocumentsReport(documents, by_subject, found, self.created, self.proposed)

    def not_done(self, desk: SaleDesk) -> list[Bundle]:
        """The bundles of which something is to be done; what is posted already, or empty, is noted."""
        todo = []
        for bundle in self.bundles:
            live = {posting.key for posting in standing(desk, bundle.subject)}
            for draft in bundle.documents:
                key = key_of(draft, desk.books.realm_id)
                posting = desk.outbox.get(key)
                if is_empty(draft):
                    self.note(draft, How.EMPTY)
                elif posting is not None and _is_done(posting, draft):
                    self.note(draft, How.ALREADY, posting)
                    live.discard(key)
            if live or any(key_of(draft, "") not in self.results for draft in bundle.documents):
                todo.append(bundle)
        return todo

    def note(self, draft: Draft, how: How, posting: Posting | None = None) -> None:
        """Note where a document stands."""
        self.results[key_of(draft, "")] = PostedDocument(draft, how, posting)

    def delivered(self, draft: Draft, found: Delivered) -> None:
        """Note what came of a parcel."""
        self.results[key_of(draft, "")] = PostedDocument(draft, found.how, found.posting, found.held)
        self.say(found.posting.subject, found.findings)

    def say(self, subject: str, findings: Sequence[Finding]) -> None:
        """Note what there is to say of a bundle."""
        if findings:
            self.by_subject.setdefault(subject, []).extend(findings)

    def open_documents(self, bundle: Bundle) -> list[Draft]:
        """The documents of a bundle of which nothing is noted yet."""
        return [draft for draft in bundle.documents if key_of(draft, "") not in self.results]


def standing(desk: SaleDesk, subject: str) -> tuple[Posting, ...]:
    """The postings of a subject that stand, or may stand, in the books; those that take back are not counted."""
    return standing_postings(desk.outbox, desk.books.realm_id, subject)


def standing_postings(outbox: Outbox, realm_id: str, subject: str) -> tuple[Posting, ...]:
    """The same by the outbox alone; none where the company is bound to no books yet."""
    if not realm_id:
        return ()
    return tuple(
        posting
        for posting in outbox.of_subject(realm_id, subject)
        if posting.state in _STANDING and not takes_back(outbox, posting)
    )


def _is_done(posting: Posting, draft: Draft) -> bool:
    return (
        posting.state is PostingState.POSTED
        and posting.undo_sent_at is None
        and posting.content_hash == hash_of(draft)
    )


@dataclass(frozen=True, slots=True)
class _Press:
    """One press, as the one writer."""

    desk: SaleDesk
    chart: Chart
    agreed: Agreed
    progressed: Progressed
    writer: Writer
    tally: _Tally

    def post(self, todo: Sequence[Bundle]) -> None:
        """Check everything, then send what may be sent, stage by stage."""
        self.progressed("Asking QuickBooks", 0, len(todo))
        missing = [Bundle(bundle.subject, tuple(self.tally.open_documents(bundle))) for bundle in todo]
        checked = check_documents(missing, self.desk, self.chart, self.agreed)
        self.tally.proposed = checked.proposed
        run = PostingRun(
            books=self.desk.books,
            outbox=self.desk.outbox,
            writer=self.writer,
            clock=self.desk.clock,
            who=self.desk.who,
            home_currency=checked.encoder.preferences.home_currency,
            account_names=checked.account_names,
            progressed=self.progressed,
        )
        ready = []
        for bundle in todo:
            problems = [*checked.findings.get(bundle.subject, ()), *self._unsettled(run, bundle, checked)]
            self.tally.say(bundle.subject, problems)
            if any_stops(problems):
                self._refuse(bundle)
            else:
                ready.append(bundle)
        checked, ready = self._complete(run, checked, ready, missing)
        run = replace(run, account_names=checked.account_names)
        parcels = Parcels(self.desk.books, self.desk.outbox, checked)
        for number in range(max((len(_stages(bundle)) for bundle in ready), default=0)):
            self._send(run, parcels, ready, number)
        for bundle in ready:
            self._refuse(bundle)

    def _complete(
        self, run: PostingRun, checked: Checked, ready: Sequence[Bundle], missing: Sequence[Bundle]
    ) -> tuple[Checked, list[Bundle]]:
        """The check with what is missing made, and the bundles that can be posted with it; others are refused."""
        subjects = {bundle.subject for bundle in ready}
        made = make_missing(checked, [bundle for bundle in missing if bundle.subject in subjects], run, self.desk)
        self.tally.created, self.tally.proposed = made.checked.created, made.checked.proposed
        for subject, problems in made.problems.items():
            self.tally.say(subject, problems)
        for bundle in ready:
            if bundle.subject in made.problems:
                self._refuse(bundle)
        return made.checked, [bundle for bundle in ready if bundle.subject not in made.problems]

    def _send(self, run: PostingRun, parcels: Parcels, ready: Sequence[Bundle], number: int) -> None:
        """Send one stage of every bundle whose earlier stages were posted."""
        drafts: dict[PostingKey, Draft] = {}
        packed = []
        for bundle in ready:
            stages = _stages(bundle)
            for draft in stages[number] if number < len(stages) else ():
                if key_of(draft, "") in self.tally.results or not self._may_go(bundle, draft, parcels):
                    continue
                parcel = parcels.parcel(self.writer, draft)
                drafts[parcel.key] = draft
                packed.append(parcel)
        if packed:  # a place where the user can stop: each stage stands by itself, and the next press goes on
            done, of = len(self.tally.results), sum(len(bundle.documents) for bundle in self.tally.bundles)
            self.progressed("Posting to QuickBooks", done, of)
        for delivered in deliver_all(run, packed):
            self.tally.delivered(drafts[delivered.posting.key], delivered)

    def _may_go(self, bundle: Bundle, draft: Draft, parcels: Parcels) -> bool:
        """Whether everything that a document builds on stands in the books; it is refused, with why, if not."""
        failed = [
            f"{each.key.entity} {each.key.doc_number}" if (each := result.posting) else result.document.doc_number
            for other in bundle.documents
            if (result := self.tally.results.get(key_of(other, ""))) is not None and not result.is_posted
        ]
        problems = [say.waits_for_others(draft, failed)] if failed else []
        problems += [say.settles_nothing_posted(draft, e.entity, e.doc_number) for e in parcels.not_standing(draft)]
        if problems:
            self.tally.say(bundle.subject, problems)
            self.tally.note(draft, How.REFUSED, self._known(draft))
        return not problems

    def _refuse(self, bundle: Bundle) -> None:
        """Note the documents that were not sent, with what is known of them."""
        for draft in self.tally.open_documents(bundle):
            self.tally.note(draft, How.REFUSED, self._known(draft))

    def _known(self, draft: Draft) -> Posting | None:
        return self.desk.outbox.get(key_of(draft, self.desk.books.realm_id))

    def _unsettled(self, run: PostingRun, bundle: Bundle, checked: Checked) -> list[Finding]:
        """An undo that was cut off is finished; then what stands of the subject with other content is said."""
        findings: list[Finding] = []
        for posting in run.outbox.of_subject(run.books.realm_id, bundle.subject):
            if posting.state is PostingState.POSTED and posting.undo_sent_at is not None:
                findings += take_back_document(run, self.desk, posting, checked.encoder.preferences).findings
        now: Mapping[PostingKey, Draft] = {key_of(each, run.books.realm_id): each for each in bundle.documents}
        for posting in standing(self.desk, bundle.subject):
            draft = now.get(posting.key)
            if draft is not None and is_same_content(posting.content_hash, hash_of(draft)):
                continue
            settled = settle(run, posting) if posting.state is PostingState.SENDING else posting
            if settled.state is PostingState.POSTED:
                findings.append(say.posted_otherwise(settled, run.sent(settled).total, draft))
        return findings


def _stages(bundle: Bundle) -> tuple[tuple[Draft, ...], ...]:
    """The documents of a bundle in the stages they go in: what stands by itself, what pays it, what moves the rest.

    The bundle is in that order; what moves the rest comes after the payments, or is a transfer.
    """
    paying = [isinstance(each, Payment | BillPayment) for each in bundle.documents]
    paid_from = paying.index(True) if True in paying else len(paying)
    first, payments, last = [], [], []
    for number, each in enumerate(bundle.documents):
        if paying[number]:
            payments.append(each)
        elif number > paid_from or isinstance(each, Transfer):
            last.append(each)
        else:
            first.append(each)
    return tuple(first), tuple(payments), tuple(last)
