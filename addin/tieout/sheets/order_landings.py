"""Where each line of a settlement by orders landed: an order's document, a refund's, or a line of the rest."""

from dataclasses import dataclass, field

from tieout.domain.calendar import Month
from tieout.domain.expense import Expense
from tieout.domain.journal import Journal
from tieout.domain.sale import Sale
from tieout.domain.settlement import Kind, SettlementLine
from tieout.rules.draft_settlement import SettlementDraft
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.match import Recorded


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
    _rest: dict[tuple[int, Kind], OrderLanding] = field(default_factory=dict)
    _sales: dict[tuple[str, Kind], str] = field(default_factory=dict)
    _refunds: dict[tuple[str, Month], str] = field(default_factory=dict)
    _mapped: dict[Kind, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rest = self.orders.rest
        assert rest is not None, "lines land where documents were drafted"
        of_rest = {one.doc_number for one in self.orders.documents if isinstance(one, Journal | Expense)}
        for journal in self.draft.journals:
            for line in journal.lines if journal.doc_number in of_rest else ():
                landing = OrderLanding(str(line.group), line.account, journal.doc_number)
                for source in line.sources:
                    self._rest.update(dict.fromkeys(((row, source.kind) for row in rest.rows_of(source)), landing))
        for match in self.orders.matches:
            if match.by is Recorded.DOCUMENT and match.posted is not None:
                keys = ((match.settled.order_id, kind) for kind, _ in match.settled.by_kind)
                self._sales.update(dict.fromkeys(keys, match.posted.doc_number))
        for document in self.orders.documents:
            if isinstance(document, Sale):
                self._refunds[document.order_id, Month.of(document.day)] = document.doc_number
        for kind in self.draft.mapped:
            self._mapped[kind.kind] = (str(kind.group), kind.account)

    def of(self, line: SettlementLine) -> OrderLanding:
        """The landing of a line."""
        landed = self._rest.get((line.row, line.kind))
        if landed is not None:
            return landed
        group, account = self._mapped.get(line.kind, ("", ""))
        number = self._sales.get((line.order_id, line.kind)) or self._refunds.get(
            (line.order_id, Month.of(line.posted)), ""
        )
        return OrderLanding(group, account, number)
