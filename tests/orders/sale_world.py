"""A company whose orders and settlements are posted to a practice QuickBooks, each press in a process of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.faults.world import WHO, Effects, World, world
from tieout.commands.documents_check import Agreed
from tieout.commands.mapping_source import MappingSource
from tieout.commands.parcels import ClosedPeriod
from tieout.commands.post_orders import OrderBook, OrdersReport, post_orders, undo_orders
from tieout.commands.post_settled_orders import (
    SettledReport,
    SettledWork,
    post_settled_orders,
    undo_settled_orders,
)
from tieout.commands.sale_desk import SaleDesk
from tieout.commands.undo_documents import UndoReport
from tieout.domain.account import Chart
from tieout.domain.order import Order
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.settlement import Settlement
from tieout.domain.tax_rule import TaxRule
from tieout.rules.charts import load_chart
from tieout.rules.match import OrderDecision, Undocumented

ALL = Agreed(accounts=True, names=True)
NONE = Agreed()
FIRST_OPEN_DAY = Agreed(accounts=True, names=True, closed_period=ClosedPeriod.FIRST_OPEN_DAY)


@dataclass
class SaleWorld:
    """The company with its settings; `country` is that of its books."""

    there: World
    country: str = "US"
    settings: PostingSettings = field(default_factory=PostingSettings)
    tax_rules: tuple[TaxRule, ...] = ()
    clearing: Mapping[str, str] | None = None

    def chart(self, marketplace: str = "") -> Chart:
        """The chart, with a clearing account of a marketplace's own where it has one."""
        chart = load_chart(self.country)
        name = (self.clearing or {}).get(marketplace)
        if name is None:
            return chart
        accounts = (replace(each, name=name) if each.role == "clearing" else each for each in chart.accounts)
        return Chart(chart.country, tuple(accounts))

    def book(self, **more: Any) -> OrderBook:
        return OrderBook(self.settings, self.chart, self.country, self.tax_rules, **more)

    @contextmanager
    def desk(self, effects: Effects | None = None) -> Iterator[SaleDesk]:
        """What one process of the user holds open."""
        with self.there.process(effects) as process:
            yield SaleDesk(self.there.company, process.books, process.store.outbox, self.there.clock, WHO)

    def post(self, *orders: Order, effects: Effects | None = None, agreed: Agreed = ALL, **book: Any) -> OrdersReport:
        """Press Post to QuickBooks for orders."""
        with self.desk(effects) as desk:
            return post_orders(orders, desk, self.book(**book), agreed=agreed)

    def settle(
        self,
        *settlements: Settlement,
        effects: Effects | None = None,
        agreed: Agreed = ALL,
        decisions: Mapping[str, OrderDecision] | None = None,
        known: Mapping[str, datetime] | None = None,
        downloaded: Sequence[str] = (),
    ) -> SettledReport:
        """Press Post to QuickBooks for settlements. `downloaded` are orders that posting would make documents of."""
        charts = {code: self.chart(code) for code in (self.clearing or {})}
        mappings = MappingSource(self.chart(), charts=charts)
        waiting = {order_id: Undocumented(may_post=True) for order_id in downloaded}
        work = SettledWork(self.book(), mappings, decisions or {}, known or {}, waiting)
        with self.desk(effects) as desk:
            return post_settled_orders(settlements, desk, work, agreed=agreed)

    def undo(self, *order_ids: str, effects: Effects | None = None, **more: Any) -> UndoReport:
        """Press Undo for orders."""
        with self.desk(effects) as desk:
            return undo_orders(order_ids, desk, **more)

    def unsettle(self, *settlement_ids: str, effects: Effects | None = None) -> UndoReport:
        """Press Undo for settlements."""
        with self.desk(effects) as desk:
            return undo_settled_orders(settlement_ids, desk)

    def held(self, kind: str) -> list[dict[str, Any]]:
        """The objects of a kind in QuickBooks."""
        return self.there.practice.transactions(kind)

    def numbers(self, kind: str) -> list[str]:
        """The numbers of a kind's documents in QuickBooks."""
        field = {"Payment": "PaymentRefNum"}.get(kind, "DocNumber")
        return sorted(str(each.get(field, "")) for each in self.held(kind))


@contextmanager
def sale_world(
    folder: Path, settings: PostingSettings | None = None, *, tax_rules: Sequence[TaxRule] = (), **practice: Any
) -> Iterator[SaleWorld]:
    """A fresh company; the other arguments are PracticeQuickBooks'."""
    with world(folder, **practice) as there:
        yield SaleWorld(there, str(practice.get("country", "US")), settings or PostingSettings(), tuple(tax_rules))
