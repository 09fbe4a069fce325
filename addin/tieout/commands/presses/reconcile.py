"""Reconcile: reads back what QuickBooks holds, and sets it beside Amazon's files and what was posted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tieout.commands.post_settlements import PostedSettlement
from tieout.commands.posting_report import PostedJournal
from tieout.commands.posting_run import How
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.gather import Gathered, gather
from tieout.commands.presses.known_books import has_news
from tieout.commands.presses.last_book import note_book
from tieout.commands.presses.order_book import sale_desk
from tieout.commands.presses.orders_read_back import read_back_orders
from tieout.commands.presses.press import Outcome, Press, Result, counted
from tieout.commands.presses.showing import (
    RECONCILE,
    REVIEW,
    Found,
    Sheets,
    connection_cells,
    marketplaces_of,
    previewed,
)
from tieout.commands.presses.standing import Standing
from tieout.commands.take_back_documents import takes_back
from tieout.commands.tie_documents import tied_by_method
from tieout.commands.tie_findings import differs_in_quickbooks
from tieout.domain.finding import Finding, any_stops
from tieout.domain.posting import PostingState
from tieout.ports import Books
from tieout.reconcile.held_effect import effect_of_sent
from tieout.sheets.port import Refresh
from tieout.sheets.reconciliation_rows import TABLE, reconciliation_rows
from tieout.sheets.settlement_rows import CHANGED_THERE, POSTED, ShownSettlement


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The shown settlements as QuickBooks holds them now, with what differs."""

    gathered: Gathered
    shown: tuple[ShownSettlement, ...]
    findings: tuple[Finding, ...]


def reconcile(press: Press) -> Outcome:
    """Read back every posted settlement that is shown; list the differences."""
    choices = read_choices(press)
    note_book(press)
    read = read_back(press, choices)
    sheets = Sheets(press, choices)
    sheets.settlements(read.gathered, read.shown)
    listed = {one.settlement_id for one in previewed(choices, read.gathered)}
    sheets.preview(one for one in read.shown if one.settlement_id in listed)
    sheets.refreshes.append(Refresh(TABLE, reconciliation_rows(read.shown, press.clock.now())))
    subjects = frozenset(one.settlement_id for one in read.shown)
    found = [
        Found(REVIEW, (*choices.findings, *read.gathered.findings)),
        Found(RECONCILE, read.findings, subjects),
    ]
    sheets.exceptions(found, marketplaces_of(read.gathered))
    posted = [one for one in read.shown if one.posted]
    ties = sum(one.tie is not None and one.tie.ties for one in posted)
    orders = read_back_orders(press)
    findings = tuple(dict.fromkeys((*choices.findings, *read.findings, *orders.findings)))
    return Outcome(
        result=Result.IN_PART if any_stops(list(findings)) else Result.DONE,
        message=_message(len(read.shown), len(posted), ties) + orders.message,
        findings=findings,
        refreshes=(*sheets.refreshes, *orders.refreshes),
        cells=connection_cells(press),
        count=len(posted),
    )


def read_back(press: Press, choices: Choices) -> ReadBack:
    """The shown settlements, those that are posted read back from QuickBooks now."""
    gathered = gather(press, choices)
    results: Sequence[PostedSettlement] = ()
    unread: tuple[Finding, ...] = ()
    if any(one.posted or one.differs for one in gathered.standings):
        with press.open_books() as books:
            by_orders = any(one.differs and one.review.orders is not None for one in gathered.standings)
            if by_orders and has_news(press, choices, sale_desk(press, books).books):
                gathered = gather(press, choices)
            posted = [one for one in gathered.standings if one.posted]
            rows = [row for one in posted for row in (*one.posted, *_drafted_otherwise(press, one, books))]
            results, unread = tied_by_method(
                [one.as_posted() for one in posted], rows, books, press.tell, with_invoices=True
            )
    by_id = {one.review.settlement.settlement_id: one for one in results}
    for one in results:
        if one.tie.quickbooks_total is not None:
            state = POSTED if one.tie.as_posted else CHANGED_THERE
            press.store.settlements.set_state(one.review.settlement.settlement_id, state)
    gathered = gathered.again(press, choices)
    findings = [
        differs_in_quickbooks(one.tie)
        for one in results
        if one.tie.quickbooks_total is not None and not one.tie.as_posted
    ]
    shown = [_shown(press, one, by_id.get(one.settlement_id), findings) for one in gathered.standings]
    return ReadBack(gathered, tuple(shown), (*unread, *findings))


def _drafted_otherwise(press: Press, one: Standing, books: Books) -> Iterator[PostedJournal]:
    """What stands of a settlement by orders that its draft of now has no more, as its own bytes say it."""
    if one.review.orders is None:
        return
    outbox, known = press.store.outbox, {row.posting.key for row in one.posted if row.posting is not None}
    home = ""
    names: dict[str, str] = {}
    for posting in outbox.of_subject(press.realm_id, one.settlement_id):
        if posting.key in known or posting.state is not PostingState.POSTED or takes_back(outbox, posting):
            continue
        home = home or books.preferences().home_currency
        names = names or {account.id: account.full_name for account in books.accounts()}
        sent = books.as_sent(posting.key.entity, posting.body, home)
        effect = effect_of_sent(sent, names, one.review.chart, one.settlement_id)
        yield PostedJournal(replace(effect, doc_number=posting.key.doc_number), How.ALREADY, posting)


def _shown(
    press: Press, one: Standing, result: PostedSettlement | None, findings: Sequence[Finding]
) -> ShownSettlement:
    shown = one.shown(press, result)
    if one.state != CHANGED_THERE or one.why is not None:
        return shown
    return replace(shown, why=next((f.what for f in findings if f.subject == one.settlement_id), None))


def _message(shown: int, posted: int, ties: int) -> str:
    if not posted:
        return f"{counted(shown, 'settlement')} shown, none is posted: nothing to read back."
    differ = posted - ties
    rest = "" if not differ else f"; {differ} differ, see Exceptions"
    not_posted = f"; {shown - posted} not posted" if shown > posted else ""
    sentence = f"{ties} of {counted(posted, 'posted settlement')} tie out{rest}{not_posted}."
    return sentence if differ or posted != ties else sentence.replace(f"{ties} of", "All of", 1)
