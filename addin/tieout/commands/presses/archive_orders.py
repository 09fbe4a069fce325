"""Archive orders: puts the chosen orders away without posting them; no connection is needed."""

from tieout.commands.presses.order_choices import read_order_choices
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.order_sheets import OrderSheets, read_order_tables
from tieout.commands.presses.order_targets import chosen_orders, nothing_chosen
from tieout.commands.presses.press import Outcome, Press, Result, counted, refused
from tieout.commands.presses.put_away import keep_put_away, put_away
from tieout.commands.presses.showing import connection_cells
from tieout.domain.activity import Activity
from tieout.domain.finding import Finding


def archive_orders(press: Press) -> Outcome:
    """Put away the ticked orders of Orders and Errors, else the selected ones; never all, unasked."""
    tables = read_order_tables(press.book)
    if isinstance(tables, Finding):
        return refused(tables)
    targets = chosen_orders(press, [tables.orders, tables.errors])
    if not targets.ids:
        sheets = [tables.orders.sheet, tables.errors.sheet]
        return refused(nothing_chosen("put away", sheets), *targets.findings)
    away, posted = put_away(press), documents_in_books(press)
    known = [one for one in targets.ids if one not in posted and press.store.orders.get(one) is not None]
    new = [one for one in known if one not in away]
    keep_put_away(press, away | frozenset(new))
    for order_id in new:
        note = tables.notes(order_id)
        press.store.activity.append(Activity(press.clock.now(), press.who, "put away", order_id, after=note))
    choices = read_order_choices(press)
    shown = OrderSheets(press, choices, tables)
    told = f"{counted(len(new), 'order')} put away, not posted ({targets.how})" if new else "Nothing was put away"
    return Outcome(
        result=Result.DONE,
        message=f"{told}.",
        findings=targets.findings,
        refreshes=shown.refreshes(),
        cells=connection_cells(press),
        count=len(new),
    )
