"""Where each line of a settlement by orders landed: an order's document, a refund's, or a line of the rest."""

from dataclasses import dataclass, field

from tieout.domain.calendar import Month
from tieout.domain.settlement import Kind, SettlementLine
from tieout.rules.draft_settlement import SettlementDraft
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.match import Recorded
from tieout.sheets.exports.order_strands import refund_numbers, rest_landings
from tieout.sheets.exports.trace import Landing, landings


@dataclass(frozen=True, slots=True)
class OrderLanding:
    """The group and account of a line, and the number of the document that records it (empty: none of ours)."""

    group: str
    account: str
    doc_number: str


@dataclass(slots=True)
class OrderLandings:
    """The landings of one settlement, found by line. `draft` has the journals that its documents come to."""

    orders: OrdersDraft
    draft: SettlementDraft
    _rest: dict[tuple[int, Kind], Landing] = field(init=False)
    _sales: dict[tuple[str, Kind], str] = field(default_factory=dict)
    _refunds: dict[tuple[str, Month], str] = field(init=False)
    _mapped: dict[Kind, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.orders.rest is not None, "lines land where documents were drafted"
        self._rest = rest_landings(self.orders, landings(self.draft.journals))
        for match in self.orders.matches:
            if match.by is Recorded.DOCUMENT and match.posted is not None:
                keys = ((match.settled.order_id, kind) for kind, _ in match.settled.by_kind)
                self._sales.update(dict.fromkeys(keys, match.posted.doc_number))
        self._refunds = refund_numbers(self.orders)
        for kind in self.draft.mapped:
            self._mapped[kind.kind] = (str(kind.group), kind.account)

    def of(self, line: SettlementLine) -> OrderLanding:
        """The landing of a line."""
        landed = self._rest.get((line.row, line.kind))
        if landed is not None:
            return OrderLanding(str(landed.line.group), landed.line.account, landed.journal.doc_number)
        group, account = self._mapped.get(line.kind, ("", ""))
        number = self._sales.get((line.order_id, line.kind)) or self._refunds.get(
            (line.order_id, Month.of(line.posted)), ""
        )
        return OrderLanding(group, account, number)
