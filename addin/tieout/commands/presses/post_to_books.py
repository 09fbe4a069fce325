"""Post settlements: the ticked ones, else the selected ones, else all that are ready; each once, read back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_settlements import Desk, PostedSettlement, PostedSettlements, post_reviewed
from tieout.commands.posting_report import PostingReport
from tieout.commands.posting_run import How
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.gather import Gathered, gather
from tieout.commands.presses.known_books import has_news
from tieout.commands.presses.order_book import sale_desk
from tieout.commands.presses.orders_since import paid_refresh
from tieout.commands.presses.post_by_orders import post_by_orders
from tieout.commands.presses.press import Outcome, Press, Result, Stopped, counted
from tieout.commands.presses.proposals import Proposals, proposals, ticked
from tieout.commands.presses.showing import (
    POSTING,
    REVIEW,
    Found,
    Sheets,
    connection_cells,
    marketplaces_of,
    money_told,
    previewed,
)
from tieout.commands.presses.standing import Standing
from tieout.commands.presses.take_back_settlements import take_back_settlements
from tieout.commands.presses.targets import Targets, chosen_settlements, unknown_settlement
from tieout.commands.review_settlements import Reviews
from tieout.domain.finding import Finding, any_stops
from tieout.domain.posting_settings import ClosedPeriodChoice
from tieout.domain.proposal import ACCOUNT
from tieout.domain.settings import Method
from tieout.ports import Books
from tieout.reconcile.tie_out import tie_out
from tieout.sheets.exception_rows import FIRST_OPEN, REPLACE, WAIT
from tieout.sheets.settlement_rows import BLOCKED, POSTED, ShownSettlement

_NOTHING = PostedSettlements((), (), PostingReport(()))


def post_settlements(press: Press) -> Outcome:
    """Post what is chosen and may be posted, read it back, and say where each settlement stands."""
    choices = read_choices(press)
    targets = chosen_settlements(press, choices)
    gathered = gather(press, choices, also=targets.ids)
    wanted = _wanted(choices, targets, gathered)
    choices.remember(press)
    stopped = False
    result = _NOTHING
    if wanted:
        try:
            with press.open_books() as books:
                by_orders = any(one.review.orders is not None for one in wanted)
                if by_orders and has_news(press, choices, sale_desk(press, books).books):
                    gathered = gather(press, choices, also=targets.ids)
                    wanted = _wanted(choices, targets, gathered)
                result = _post(press, choices, wanted, books)
        except Stopped:
            stopped = True
    gathered = gathered.again(press, choices)
    asked = proposals(press, choices, result.report.proposed, result.report.created_accounts)
    result = replace(result, findings=asked.all_located(result.findings))
    return _outcome(press, choices, targets, gathered, _Posted(wanted, result, stopped, asked))


@dataclass(frozen=True, slots=True)
class _Posted:
    """What was to be posted, what came of it, whether the user stopped it, and what is proposed on Accounts."""

    wanted: Sequence[Standing]
    result: PostedSettlements
    stopped: bool
    asked: Proposals

    @property
    def ids(self) -> frozenset[str]:
        """The settlements that were to be posted."""
        return frozenset(one.settlement_id for one in self.wanted)


def desk(press: Press, books: Books) -> Desk:
    """What posting for the company of a press needs."""
    return Desk(
        company=press.company,
        books=books,
        documents=press.store.documents,
        settlements=press.store.settlements,
        outbox=press.store.outbox,
        clock=press.clock,
        who=press.who,
    )


def _wanted(choices: Choices, targets: Targets, gathered: Gathered) -> list[Standing]:
    """What to post: of the chosen ones all but what is blocked, so that QuickBooks says what is in the way."""
    waiting = choices.decisions.settlements(WAIT)
    replacing = choices.decisions.settlements(REPLACE)
    if targets.how:
        by_id = gathered.by_id()
        return [by_id[one] for one in targets.ids if one in by_id and by_id[one].may_post]
    return [
        one
        for one in gathered.standings
        if one.may_post and one.settlement_id not in waiting and (not one.differs or one.settlement_id in replacing)
    ]


def _post(press: Press, choices: Choices, wanted: Sequence[Standing], books: Books) -> PostedSettlements:
    """Post in two runs at most: what a decision or setting sends to the first open day, and the rest.

    A decision for the first open day counts for nothing where Settings say that closed periods wait.
    """
    replacing = choices.decisions.settlements(REPLACE)
    undone = [one.settlement_id for one in wanted if one.differs and one.settlement_id in replacing]
    found = take_back_settlements(press, undone, books).findings if undone else ()
    waits = choices.posting.closed_period is ClosedPeriodChoice.WAIT
    early = frozenset[str]() if waits else choices.decisions.settlements(FIRST_OPEN)
    results = [PostedSettlements((), found, PostingReport(()))]
    for closed in (ClosedPeriod.WAIT, ClosedPeriod.FIRST_OPEN_DAY):
        moves = closed is ClosedPeriod.FIRST_OPEN_DAY
        reviews = [
            one.review for one in wanted if (choices.settings.first_open_day or one.settlement_id in early) is moves
        ]
        summaries = tuple(review for review in reviews if review.orders is None)
        if summaries:
            results.append(
                post_reviewed(
                    Reviews(summaries, ()),
                    desk(press, books),
                    chart=choices.chart,
                    create_accounts=press.company.practice,
                    ticked_accounts=frozenset(name for kind, name in ticked(press) if kind == ACCOUNT),
                    closed_period=closed,
                    progressed=press.tell,
                )
            )
        by_orders = [review for review in reviews if review.orders is not None]
        if by_orders:
            results.append(post_by_orders(press, choices, by_orders, books, first_open_day=moves))
    return PostedSettlements(
        settlements=tuple(one for result in results for one in result.settlements),
        findings=tuple(dict.fromkeys(finding for result in results for finding in result.findings)),
        report=PostingReport(
            tuple(row for result in results for row in result.report.journals),
            tuple(finding for result in results for finding in result.report.findings),
            tuple(name for result in results for name in result.report.created_accounts),
            tuple(one for result in results for one in result.report.proposed),
        ),
    )


def _outcome(press: Press, choices: Choices, targets: Targets, gathered: Gathered, posted: _Posted) -> Outcome:
    tied = {one.review.settlement.settlement_id: one for one in posted.result.settlements}
    shown = [_shown(press, one, tied, posted) for one in gathered.standings]
    sheets = Sheets(press, choices)
    sheets.settlements(gathered, shown)
    listed = {one.settlement_id for one in previewed(choices, gathered, posted.ids)}
    sheets.preview(one for one in shown if one.settlement_id in listed)
    sheets.exceptions(
        [
            Found(REVIEW, (*choices.findings, *gathered.findings)),
            Found(POSTING, posted.result.findings, posted.ids),
        ],
        marketplaces_of(gathered),
    )
    chosen = {*targets.ids, *posted.ids} if targets.how else {one.settlement_id for one in gathered.standings}
    unknown = [unknown_settlement(one) for one in targets.ids if one not in gathered.by_id()]
    own = [f for one in gathered.standings if one.settlement_id in chosen for f in one.review.findings]
    findings = tuple(
        dict.fromkeys((*targets.findings, *unknown, *choices.findings, *gathered.lost, *own, *posted.result.findings))
    )
    return Outcome(
        result=_result(choices, findings, posted),
        message=_message(shown, targets, posted),
        findings=findings,
        refreshes=(*sheets.refreshes, *paid_refresh(press), *posted.asked.refreshes),
        cells=connection_cells(press),
        count=sum(one.state == POSTED for one in posted.result.settlements),
        posted=replace(posted.result, settlements=(*posted.result.settlements, *_blocked(gathered, posted, chosen))),
    )


def _blocked(gathered: Gathered, posted: _Posted, chosen: Collection[str]) -> Iterator[PostedSettlement]:
    """Those of the chosen settlements that were kept out, as they would stand beside the others."""
    for one in gathered.standings:
        if one.state == BLOCKED and one.settlement_id in chosen and one.settlement_id not in posted.ids:
            yield PostedSettlement(one.review, BLOCKED, (), tie_out(one.review.settlement, one.review.draft))


def _shown(press: Press, one: Standing, tied: Mapping[str, PostedSettlement], posted: _Posted) -> ShownSettlement:
    shown = one.shown(press, tied.get(one.settlement_id))
    if one.settlement_id not in posted.ids or one.posted or one.state != BLOCKED or one.why is not None:
        return shown
    why = next((f for f in posted.result.findings if f.subject == one.settlement_id and f.stops), None)
    why = why or next((f for f in posted.result.findings if f.stops), None)
    return replace(shown, why=f"{why.what} {why.to_do}" if why is not None else None)


def _result(choices: Choices, findings: Sequence[Finding], posted: _Posted) -> Result:
    if posted.stopped:
        return Result.STOPPED
    done = [one for one in posted.result.settlements if one.state == POSTED]
    stopped = any_stops(list(findings))
    if choices.blocking or (posted.wanted and not done):
        return Result.REFUSED
    return Result.IN_PART if stopped else Result.DONE


def _message(shown: Sequence[ShownSettlement], targets: Targets, posted: _Posted) -> str:
    now = {one.review.settlement.settlement_id for one in posted.result.settlements if one.state == POSTED}
    done = [one for one in shown if one.settlement_id in now]
    created = posted.result.report.count(How.CREATED)
    chosen = f" ({targets.how})" if targets.how else ""
    parts = []
    if done:
        what = "journal" if all(one.method is Method.SUMMARY for one in done) else "document"
        parts.append(f"{counted(len(done), 'settlement')} posted, {counted(created, what)} created")
        parts.append(money_told(one.settlement.total for one in done))
        ties = sum(one.tie is not None and one.tie.ties for one in done)
        parts.append("all tie out" if ties == len(done) else f"{ties} of {len(done)} tie out")
    elif not posted.wanted:
        of_chosen = [one.state == POSTED for one in shown if one.settlement_id in targets.ids]
        is_posted = bool(targets.how and of_chosen) and all(of_chosen)
        parts.append("Nothing to post: what is chosen is posted" if is_posted else "Nothing to post")
    else:
        parts.append("Nothing was posted")
    blocked = sum(one.state == BLOCKED for one in shown)
    if blocked:
        parts.append(f"{blocked} blocked, see Exceptions")
    if posted.stopped:
        parts.append("stopped: press Post again to go on")
    sentence = ", ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}{chosen}."
