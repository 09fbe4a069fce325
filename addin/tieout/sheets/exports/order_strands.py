"""Which line each row of a settlement by orders landed in: of a payment, a refund, or of what is left.

What a payment's lines stand for hangs on the order of a row, what a refund's do on its order and month; the rest is
found by row, as `Rest` tells. Rows of orders that a person ignored land nowhere, and are named so.
"""

from collections.abc import Iterable, Iterator

from tieout.domain.calendar import Month
from tieout.domain.expense import Expense
from tieout.domain.journal import Journal
from tieout.domain.payment import Payment
from tieout.domain.sale import Sale, SaleKind
from tieout.domain.settlement import Kind, LineSum, SettlementLine
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.ledger_effect import OWN
from tieout.rules.match import Match, Recorded
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.trace import Landing, Strand, landings

IGNORED = "Ignored"


class OrderStrands:
    """The strands of one settlement by orders, found by line; they come into being as lines pass by."""

    def __init__(self, proof: SettlementProof, orders: OrdersDraft) -> None:
        self._proof = proof
        self._orders = orders
        self._mapped = {kind.kind: kind for kind in reversed(proof.draft.mapped)}
        self._strands: dict[tuple[str, Kind, int, int], Strand] = {}
        every = list(landings(proof.draft.journals))
        self._by_group = {(one.journal.doc_number, str(one.line.group)): one for one in every if one.line.sources}
        self._by_kind = {(one.journal.doc_number, each.kind): one for one in every for each in one.line.sources}
        self._rest = rest_landings(orders, every)
        self._matches = {one.settled.order_id: one for one in orders.matches}
        self._paid_by = _paid_by(orders)
        self._refunds = refund_numbers(orders)

    def of(self, line: SettlementLine) -> Strand:
        """The strand of a settlement line."""
        match = self._match(line)
        landing = self._rest.get((line.row, line.kind)) or self._landing(line, match)
        ignored = landing is None and match is not None and match.by is Recorded.NOT
        place = (landing.key if landing else "", line.kind, line.posted.year, line.posted.month)
        if place not in self._strands:
            month = Month.of(line.posted)
            zero = line.amount - line.amount
            self._strands[place] = Strand(
                self._proof,
                LineSum(line.kind, month, False, 0, zero, line.row),
                landing,
                self._mapped.get(line.kind),
                None,
                instead=IGNORED if ignored else "",
            )
        return self._strands[place]

    def __iter__(self) -> Iterator[Strand]:
        yield from self._strands.values()

    def _match(self, line: SettlementLine) -> Match | None:
        """The order that a line is the money of."""
        kinds = self._orders.kinds
        of_sale = kinds is not None and line.kind in kinds.sale | kinds.sale_withheld
        return self._matches.get(line.order_id) if of_sale else None

    def _landing(self, line: SettlementLine, match: Match | None) -> Landing | None:
        if match is not None and match.by is Recorded.NOT:
            return None
        if match is not None:
            number = self._paid_by.get(line.order_id, OWN)
            return self._by_group.get((number, str(self._orders.group_of(line.kind, match.settled))))
        refund = self._refunds.get((line.order_id, Month.of(line.posted)), "")
        return self._by_kind.get((refund, line.kind))


def rest_landings(orders: OrdersDraft, every: Iterable[Landing]) -> dict[tuple[int, Kind], Landing]:
    """The landings of what is left, by row and kind: a row of the V1 layout can hold amounts of several kinds."""
    if orders.rest is None:
        return {}
    numbers = {one.doc_number for one in orders.documents if isinstance(one, Journal | Expense)}
    return {
        (row, source.kind): one
        for one in every
        if one.journal.doc_number in numbers
        for source in one.line.sources
        for row in orders.rest.rows_of(source)
    }


def refund_numbers(orders: OrdersDraft) -> dict[tuple[str, Month], str]:
    """The number of the document of an order's refunds in a month."""
    return {(one.order_id, Month.of(one.day)): one.doc_number for one in orders.documents if isinstance(one, Sale)}


def _paid_by(orders: OrdersDraft) -> dict[str, str]:
    """The number of the payment that pays an order, by order id."""
    documents = {one.posted.doc_number: one.settled.order_id for one in orders.matches if one.posted is not None}
    return {
        documents[each.doc_number]: payment.doc_number
        for payment in orders.documents
        if isinstance(payment, Payment)
        for each in payment.settles
        if each.entity == SaleKind.INVOICE and each.doc_number in documents
    }
