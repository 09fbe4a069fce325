"""The seller's money as Amazon's Finances API tells it: an order's payment first deferred, then released.

An order under the delivery-date policy (DD+7) is a DEFERRED transaction from its shipment; seven days after
delivery that one reads DEFERRED_RELEASED and a RELEASED one stands beside it. What is RELEASED in a settlement's
period is what the settlement pays, reserves aside. Source: Finances 2024-06-19, `transactionStatus`, and the
related identifiers DEFERRED_TRANSACTION_ID and RELEASE_TRANSACTION_ID.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from tieout.practice.shop.account import Account
from tieout.practice.shop.orders import REFUNDED_WITHIN_S
from tieout.practice.shop.periods import LISTED_AFTER_S
from tieout.practice.shop.records import Event, Order

DEFERRED, RELEASED, DEFERRED_RELEASED = "DEFERRED", "RELEASED", "DEFERRED_RELEASED"
_BALANCE_ONLY = (
    "Current Reserve Amount",
    "Previous Reserve Amount Balance",
    "Payable to Amazon",
    "Successful charge",
)


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction; `events` are the settlement rows it is or will be, `maturity_s` when a deferral ends."""

    account: Account
    transaction_type: str
    status: str
    posted_s: int
    events: tuple[Event, ...]
    order: Order | None
    maturity_s: int | None
    settlement_id: str

    @property
    def total(self) -> int:
        """Its amount in minor units."""
        return sum(event.net for event in self.events)

    @property
    def transaction_id(self) -> str:
        """An id of its own, the same whenever it is asked for."""
        return self._id(self.status == RELEASED)

    @property
    def counterpart_id(self) -> str:
        """The id of the release of a deferral, or of the deferral of a release."""
        return self._id(self.status != RELEASED)

    def _id(self, released: bool) -> str:
        first = self.events[0]
        name = (
            f"{first.transaction_type}|{first.order_id}|{first.adjustment_id}|{first.posted_s}|{first.entries[0][1]}"
        )
        seed = f"{self.account.seed}|{self.account.place.number}|{name}|{released and self.maturity_s is not None}"
        return blake2b(seed.encode(), digest_size=24).hexdigest()


def transactions(account: Account, *, from_s: int, to_s: int, now_s: int) -> Iterator[Transaction]:
    """The transactions of an account posted from `from_s` to before `to_s`, as they stand at `now_s`."""
    for _, transaction in numbered_transactions(account, from_s=from_s, to_s=to_s, now_s=now_s):
        yield transaction


def numbered_transactions(
    account: Account, *, from_s: int, to_s: int, now_s: int, start: int = 0
) -> Iterator[tuple[int, Transaction]]:
    """The same with a number each, from number `start` on; those of one order share theirs."""
    until = min(to_s, now_s + 1)
    orders = 0 if account.book is None else account.book.count
    if account.book is not None and start < orders:
        first = max(start, account.book.first_since(from_s - REFUNDED_WITHIN_S))
        for index in range(first, account.book.first_since(until)):
            for transaction in transactions_of_order(account, account.book.order(index), now_s=now_s):
                if from_s <= transaction.posted_s < until:
                    yield index, transaction
    own_events = (event for statement in account.statements for event in statement.own_events)
    for number, event in enumerate(own_events, start=orders):
        due = from_s <= event.posted_s < until and event.entries[0][1] not in _BALANCE_ONLY
        if due and number >= start:
            yield number, _own_part(account, event, now_s)


def transactions_of_order(account: Account, order: Order, *, now_s: int) -> Iterator[Transaction]:
    """The transactions of one order up to `now_s`: its payment, deferred or not, and its refund."""
    events = tuple(account.order_events(order))
    sale = tuple(event for event in events if event.transaction_type == "Order")
    if sale and order.shipped_s is not None and order.posted_s is not None:
        if order.deferred and order.shipped_s <= now_s:
            status = DEFERRED if now_s < order.posted_s else DEFERRED_RELEASED
            yield _order_part(account, order, status, posted_s=order.shipped_s, events=sale, now_s=now_s)
        if order.posted_s <= now_s:
            yield _order_part(account, order, RELEASED, posted_s=order.posted_s, events=sale, now_s=now_s)
    for event in events:
        if event.transaction_type == "Refund" and event.posted_s <= now_s:
            yield _order_part(account, order, RELEASED, posted_s=event.posted_s, events=(event,), now_s=now_s)


def _own_part(account: Account, event: Event, now_s: int) -> Transaction:
    return Transaction(
        account=account,
        transaction_type=_own_type(event),
        status=RELEASED,
        posted_s=event.posted_s,
        events=(event,),
        order=None,
        maturity_s=None,
        settlement_id=_paid_by(account, event.posted_s, now_s),
    )


def _order_part(
    account: Account, order: Order, status: str, *, posted_s: int, events: tuple[Event, ...], now_s: int
) -> Transaction:
    refund = events[0].transaction_type == "Refund"
    return Transaction(
        account=account,
        transaction_type="Refund" if refund else "Shipment",
        status=status,
        posted_s=posted_s,
        events=events,
        order=order,
        maturity_s=order.posted_s if order.deferred and not refund else None,
        settlement_id="" if status == DEFERRED else _paid_by(account, events[0].posted_s, now_s),
    )


def _paid_by(account: Account, posted_s: int, now_s: int) -> str:
    """The id of the settlement that a moment falls into, once that is closed; else nothing."""
    for period in account.periods:
        if period.start_s <= posted_s < period.end_s:
            return account.settlement_id(period.number) if period.end_s + LISTED_AFTER_S <= now_s else ""
    return ""


def _own_type(event: Event) -> str:
    kind = event.entries[0][0]
    if event.transaction_type == "Order_Retrocharge":
        return "Retrocharge"
    if "Reimbursement" in kind:
        return "Adjustment"
    return "Liquidations" if event.transaction_type == "Liquidations" else "ServiceFee"
