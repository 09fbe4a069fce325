"""Proofs of settlements by orders, made in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tests.rules.settled_shapes import drafted
from tieout.domain.books import BooksDocument
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
