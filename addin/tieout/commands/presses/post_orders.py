"""Post orders: the ticked ones, else the selected ones, else all that are ready; each once, or on Errors with why."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from tieout.commands import post_orders as posting
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
from tieout.commands.presses.press import Outcome, Press, Result, Stopped, counted, refused
from tieout.commands.presses.put_away import keep_put_away, put_away
from tieout.commands.presses.showing import connection_cells, money_told
from tieout.domain.finding import Finding, any_stops
from tieout.domain.order import Order
from tieout.ports import BooksUnavailable
from tieout.rules.order_status import Admits
from tieout.sheets.order_rows import READY


def post_orders(press: Press) -> Outcome:
    """Post what is chosen and may be posted; what was posted moves to Archive, what failed to Errors."""
    tables = read_order_tables(press.book)
    if isinstance(tables, Finding):
        return refused(tables)
    choices = read_order_choices(press)
    if choices.blocking:
        return refused(*choices.blocking)
    targets = chosen_orders(press, tables.all())
    wanted = _wanted(press, choices, tables, targets)
    before = frozenset(documents_in_books(press))
    report, stopped = OrdersReport(()), False
    if wanted:
        try:
            with press.open_books() as books:
                desk = sale_desk(press, books)
                may_make = agreed(press, first_open_day=choices.choices.settings.first_open_day)
                report = posting.post_orders(wanted, desk, choices.book, agreed=may_make, progressed=press.tell)
                with suppress(BooksUnavailable):  # what was made has names now; else the next press learns them
                    learn_books(press, desk.books)
        except Stopped:
            stopped = True
    fresh = frozenset(documents_in_books(press)) - before
    failed = _failed(report)
    keep_put_away(press, put_away(press) - fresh - failed.keys())
    results = {result.order.order_id: result for result in report.results}
    shown = OrderSheets(press, choices, tables, results, failed, fresh)
    refreshes = shown.refreshes()
    findings = tuple(dict.fromkeys((*targets.findings, *choices.findings, *report.all_findings)))
    done = _Done(len(wanted), tuple(results[one] for one in fresh if one in results), len(fresh), len(failed))
    return Outcome(
        result=_result(findings, done, stopped=stopped),
        message=_message(report, done, targets, shown.counts, stopped=stopped),
        findings=findings,
        refreshes=refreshes,
        cells=connection_cells(press),
        count=len(fresh),
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """How many were to be posted, those that were by the report, and how many were posted and failed."""

    wanted: int
    results: tuple[OrderResult, ...]
    posted: int
    failed: int


def _wanted(press: Press, choices: OrderChoices, tables: OrderTables, targets: OrderTargets) -> list[Order]:
    """The orders to post: chosen ones but for those that may not by their status, else all that are ready."""
    posted = documents_in_books(press)
    if targets.how:
        orders = (press.store.orders.get(one) for one in targets.ids if one not in posted)
        return [one for one in orders if one is not None and choices.decide(one).admits is Admits.POST]
    elsewhere = {*posted, *put_away(press), *rows_by_id(tables.errors), *rows_by_id(tables.archive)}
    return [
        order
        for order in press.store.orders.all()
        if order.order_id not in elsewhere
        and is_shown_by_home(choices, order)
        and choices.choices.settings.marketplace(order.marketplace).used
        and standing(choices, order)[0] == READY
    ]


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
    if done.wanted and not done.posted and any_stops(list(findings)):
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
    else:
        parts.append("Nothing was posted")
    if done.failed:
        parts.append(f"{counted(done.failed, 'order')} moved to Errors")
    if not done.wanted:
        parts += [f"{number:,} {state.lower()}" for state, number in sorted(counts.items())]
    if stopped:
        parts.append("stopped: press Post again to go on")
    chosen = f" ({targets.how})" if targets.how else ""
    sentence = f"{', '.join(parts)}{chosen}."
    of_press = next((finding for finding in report.findings if finding.stops), None)
    return f"{sentence} {of_press}" if of_press is not None else sentence
