"""Proofs of settlements by orders, made in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import document, drafted, order_rows
from tieout.domain.books import BooksDocument
from tieout.domain.money import Money
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.reconcile.held_effect import as_held
from tieout.reconcile.tie_out import tie_out
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.ledger_effect import effects_of, journals_proved
from tieout.rules.mapping import Mapping as FeeMapping
from tieout.rules.match import OrderDecision, PostedOrder
from tieout.sheets.exports.receivables import Receivable
from tieout.sheets.settlement_rows import POSTED, READY, ShownSettlement

CHART = load_chart("US")


def shown_by_orders(
    sold: Settlement,
    posted: Sequence[PostedOrder] = (),
    decisions: Mapping[str, OrderDecision] | None = None,
    settings: PostingSettings | None = None,
    *,
    read_back: bool = True,
    without: Sequence[str] = (),
) -> ShownSettlement:
    """A settlement by orders as the sheets show it; read back as posted but for the documents in `without`."""
    orders = drafted(sold, posted, dict(decisions or {}), settings)
    effects = effects_of(orders, CHART)
    draft = replace(
        draft_settlement(sold, FeeMapping(CHART), CHART, SettlementSettings()),
        journals=effects,
        findings=orders.findings,
    )
    if not read_back:
        return ShownSettlement(sold, draft, READY, orders=orders)
    proved = journals_proved(effects, orders)
    held: list[BooksDocument] = [as_held(each) for each in proved if each.doc_number not in without]
    return ShownSettlement(
        sold,
        draft,
        POSTED,
        posted=effects,
        ids={each.doc_number: str(number) for number, each in enumerate(effects, 100)},
        tie=tie_out(sold, replace(draft, journals=proved), held),
        orders=orders,
    )


OWED = (
    Receivable("114-1", "US", "Invoice", "114-1", date(2026, 1, 3), Money(2500, "USD"), Money(500, "USD")),
    Receivable("114-2", "US", "Invoice", "114-2", None, Money(700, "USD"), Money(0, "USD")),
)


def orders_of_every_sort() -> list[ShownSettlement]:
    """Tied out with a refund; with an ignored order; with a payment that is gone; not read back."""
    ids = [f"113-0000000-000000{number}" for number in range(1, 6)]

    def sold(number: int, *rows: Row) -> Settlement:
        return settlement(rows, settlement_id=f"2500000000{number}", deposit=date(2026, 1 + number % 3, 20))

    plain = [
        *order_rows(ids[0], 2000, tax=160, withheld=-160, fee=-300),
        *order_rows(ids[1], -500, occasion="Refund"),
    ]
    gone = shown_by_orders(sold(2, *order_rows(ids[2], 1700)), [document(ids[2], 1700)])
    [payment] = [one.doc_number for one in gone.posted if one.doc_number.endswith("P")]
    part = [*order_rows(ids[3], 900), *order_rows(ids[4], 300)]
    return [
        shown_by_orders(sold(1, *plain), [document(ids[0], 2000)]),
        shown_by_orders(sold(2, *order_rows(ids[2], 1700)), [document(ids[2], 1700)], without=[payment]),
        shown_by_orders(sold(3, *part), [document(ids[3], 900)], {ids[4]: OrderDecision.IGNORE}),
        shown_by_orders(sold(4, *part), [document(ids[3], 1000)], read_back=False),
    ]
