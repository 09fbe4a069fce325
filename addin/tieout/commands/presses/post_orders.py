"""Post orders: the ticked ones, else the selected ones, else all that are ready; each once, or on Errors with why."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tieout.commands import post_orders as posting
from tieout.commands.order_findings import may_not_post
from tieout.commands.post_orders import OrderResult, OrdersReport, OrderState
from tieout.commands.presses.known_books import learn_books
from tieout.commands.presses.order_book import agreed, sale_desk
from tieout.commands.presses.order_choices import OrderChoices, read_order_choices
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.order_sheets import (
    OrderSheets,
    OrderTables,
    is_shown_by_home,
    read_order_tables,
    rows_by_id,
    standing,
)
from tieout.commands.presses.order_targets import OrderTargets, chosen_orders
from tieout.commands.presses.orders_since import orders_since
from tieout.commands.presses.press import Outcome, Press, Result, Stopped, counted, refused
from tieout.commands.presses.proposals import is_answered, proposals, ticked
from tieout.commands.presses.put_away import keep_put_away, put_away
from tieout.commands.presses.showing import connection_cells, money_told
from tieout.commands.undo_documents import UndoReport
from tieout.domain.finding import Finding, any_stops
from tieout.domain.order import Order
from tieout.domain.posting import Posting
from tieout.ports import BooksUnavailable
from tieout.rules.order_status import Admits
from tieout.sheets.order_rows import READY, UNDONE


def post_orders(press: Press) -> Outcome:
    """Post what is chosen and may be posted; what was posted moves to Archive, what failed to Errors.

    Orders whose posting is to be replaced, by a decision on Exceptions, are undone first and posted again.
    """
    tables = read_order_tables(press.book)
    if isinstance(tables, Finding):
        return refused(tables)
    choices = read_order_choices(press)
    if choices.blocking:
        return refused(*choices.blocking)
    targets = chosen_orders(press, tables.all())
    before = documents_in_books(press)
    since = orders_since(press, choices, before)
    replaced = tuple(sorted(one for one in since.to_replace if not targets.how or one in targets.ids))
    wanted = _wanted(press, choices, tables, targets, before)
    work = _Work(press, choices)
    if wanted or replaced:
        work.do(wanted, replaced)
    report, after = work.report, documents_in_books(press) if wanted or replaced else before
    fresh = frozenset(
        one
        for one, posting in after.items()
        if one not in before or posting.quickbooks_id != before[one].quickbooks_id
    )
    asked = proposals(press, choices.choices, report.proposed, report.created)
    failed = {order_id: asked.located(finding) for order_id, finding in _failed(report).items()}
    keep_put_away(press, put_away(press) - fresh - failed.keys())
    results = {result.order.order_id: result for result in report.results}
    taken_back = frozenset(replaced) - after.keys()
    acted = fresh | failed.keys() | taken_back
    shown = OrderSheets(press, choices, tables, results, failed, fresh, acted=acted)
    refreshes = (*shown.refreshes(), *asked.refreshes)
    left = _left(press, choices, tables, targets, before)
    findings = tuple(
        dict.fromkeys(
            (
                *targets.findings,
                *left,
                *choices.findings,
                *work.undone.findings,
                *asked.all_located(report.all_findings),
            )
        )
    )
    done = _Done(
        wanted=len(wanted) + len(replaced),
        results=tuple(results[one] for one in fresh if one in results),
        posted=len(fresh),
        failed=len(failed),
        taken_back=len(taken_back),
    )
    return Outcome(
        result=_result(findings, done, stopped=work.stopped),
        message=_message(report, done, targets, shown.counts, stopped=work.stopped),
        findings=findings,
        refreshes=refreshes,
        cells=connection_cells(press),
        count=len(fresh),
    )


@dataclass(slots=True)
class _Work:
    """What one press does in QuickBooks: it takes postings back that are to be replaced, and posts."""

    press: Press
    choices: OrderChoices
    report: OrdersReport = field(default_factory=lambda: OrdersReport(()))
    undone: UndoReport = field(default_factory=lambda: UndoReport((), ()))
    stopped: bool = False

    def do(self, wanted: Sequence[Order], replaced: Sequence[str]) -> None:
        """Take back, then post; Stopped ends it where nothing is half done."""
        press, choices = self.press, self.choices
        try:
            with press.open_books() as books:
                desk = sale_desk(press, books)
                if replaced:
                    self.undone = posting.undo_orders(
                        replaced,
                        desk,
                        settlement_ids=tuple(known.settlement_id for known in press.store.settlements.all()),
                        settled_in=choices.settled_in(replaced),
                        progressed=press.tell,
                    )
                orders = [*self._again(replaced), *wanted]
                may_make = agreed(press, first_open_day=choices.choices.settings.first_open_day)
                self.report = posting.post_orders(orders, desk, choices.book, agreed=may_make, progressed=press.tell)
                with suppress(BooksUnavailable):  # what was made has names now; else the next press learns them
                    learn_books(press, desk.books)
        except Stopped:
            self.stopped = True

    def _again(self, replaced: Sequence[str]) -> Iterator[Order]:
        """The orders that were taken back and may be posted again."""
        posted = documents_in_books(self.press) if replaced else {}
        for order_id in replaced:
            order = self.press.store.orders.get(order_id)
            if order_id not in posted and order is not None and self.choices.decide(order).admits is Admits.POST:
                yield order


@dataclass(frozen=True, slots=True)
class _Done:
    """How many were to be posted, those that were by the report, and how many were posted, failed, or taken back
    for good.
    """

    wanted: int
    results: tuple[OrderResult, ...]
    posted: int
    failed: int
    taken_back: int


def _wanted(
    press: Press,
    choices: OrderChoices,
    tables: OrderTables,
    targets: OrderTargets,
    posted: Mapping[str, Posting],
) -> list[Order]:
    """The orders to post: chosen ones but for those that may not by their status, else all that are ready.

    Ready again is what lacked a customer, item or account, once something of that kind is ticked on Accounts.
    """
    if targets.how:
        orders = (press.store.orders.get(one) for one in targets.ids if one not in posted)
        return [one for one in orders if one is not None and choices.decide(one).admits is Admits.POST]
    ticks = ticked(press)
    failed = {one for one, row in rows_by_id(tables.errors).items() if not is_answered(row.text("code"), ticks)}
    elsewhere = {*posted, *put_away(press), *failed, *rows_by_id(tables.archive)}
    return [
        order
        for order in press.store.orders.all(without=elsewhere)
        if is_shown_by_home(choices, order)
        and choices.choices.settings.marketplace(order.marketplace).used
        and standing(choices, order)[0] == READY
    ]


def _left(
    press: Press,
    choices: OrderChoices,
    tables: OrderTables,
    targets: OrderTargets,
    posted: Mapping[str, Posting],
) -> Iterator[Finding]:
    """Why chosen orders were left where they are, by their status; the cell is that of the first."""
    if not targets.how:
        return
    left: dict[str, str] = {}
    for order_id in targets.ids:
        order = press.store.orders.get(order_id) if order_id not in posted else None
        decision = choices.decide(order) if order is not None else None
        if decision is not None and decision.admits is not Admits.POST:
            left[order_id] = decision.why
    if left:
        first, why = next(iter(left.items()))
        cells = (
            table.cell(row, "select") for table in tables.all() for row in table.rows if row.text("order_id") == first
        )
        yield may_not_post(first, why, len(left), next(cells, None))


def _failed(report: OrdersReport) -> dict[str, Finding]:
    """Why each order failed for a reason of its own; what stopped the whole press moves no order."""
    of_press = frozenset(report.findings)
    failed = {}
    for result in report.results:
        own = [one for one in result.findings if one.stops and one not in of_press]
        if result.state is OrderState.ERROR and own:
            failed[result.order.order_id] = own[0]
    return failed


def _result(findings: Sequence[Finding], done: _Done, *, stopped: bool) -> Result:
    if stopped:
        return Result.STOPPED
    if done.wanted and not done.posted and not done.taken_back and any_stops(list(findings)):
        return Result.REFUSED
    return Result.IN_PART if any_stops(list(findings)) else Result.DONE


def _message(
    report: OrdersReport, done: _Done, targets: OrderTargets, counts: dict[str, int], *, stopped: bool
) -> str:
    parts = []
    if done.posted:
        parts.append(f"{counted(done.posted, 'order')} posted")
        totals = [result.sale.total for result in done.results if result.sale is not None]
        parts += [money_told(totals)] if totals else []
    elif not done.wanted:
        parts.append(
            "Nothing to post: what is chosen is posted or may not post" if targets.how else "Nothing to post"
        )
    elif not done.taken_back:
        parts.append("Nothing was posted")
    if done.failed:
        parts.append(f"{counted(done.failed, 'order')} moved to Errors")
    if done.taken_back:
        parts.append(f"{counted(done.taken_back, 'order')} taken back")
    if not done.wanted:
        parts += [f"{number:,} {state.lower()}" for state, number in sorted(counts.items())]
        if counts.get(UNDONE):
            parts.append("tick what is undone on Archive to post it again")
    if stopped:
        parts.append("stopped: press Post again to go on")
    chosen = f" ({targets.how})" if targets.how else ""
    sentence = f"{', '.join(parts)}{chosen}."
    of_press = next((finding for finding in report.findings if finding.stops), None)
    return f"{sentence} {of_press}" if of_press is not None else sentence
