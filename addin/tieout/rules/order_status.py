"""Order statuses in Amazon's three spellings, and the filters that decide which orders are taken and may post.

This table is the one truth; the text of the sheet Status Filters and the page docs/amazon.md are compared with it.
Sources: the enumerations of the models ordersV0.json (OrderStatus) and orders_2026-01-01.json (FulfillmentStatus);
for reports, amzn/selling-partner-api-models issue 1428 and a real export of 128,975 rows.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tieout.domain.order import Order


class OrderStatus(StrEnum):
    """What an order's status comes to."""

    PENDING = "pending"
    UNSHIPPED = "unshipped"
    PARTIALLY_SHIPPED = "partially shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    UNFULFILLABLE = "unfulfillable"
    UNKNOWN = "unknown"  # a word that is in no list: kept, shown and asked about


class Admits(StrEnum):
    """What happens to the orders of a filter, in the sheet's words."""

    POST = "Download and post"
    DOWNLOAD = "Download only"
    NOTHING = "Leave out"


class PaymentComplete(StrEnum):
    """How the filter Payment complete is read (the setting of that name)."""

    AUTHORISED = "authorised"  # the buyer's payment is authorised: all but pending, cancelled and unfulfillable
    SETTLED = "settled"  # Amazon paid it out: the order is in a settlement


@dataclass(frozen=True, slots=True)
class Filter:
    """A column of Status Filters. `words` are Amazon's for what it takes; `posts`: whether it may ever post."""

    key: str
    title: str
    words: tuple[str, ...]
    posts: bool
    default: Admits


# What order-status in a report says after "Shipped - " or "Pending - ". Something else there is not known.
SHIPPED_SUFFIXES = (
    *("Delivered to Buyer", "Picked Up", "Out for Delivery", "Returned to Seller", "Returning to Seller"),
    *("Rejected by Buyer", "Undeliverable", "Lost in Transit", "Damaged"),
)
PENDING_SUFFIXES = ("Waiting for Pick Up",)

_WORDS: Mapping[str, OrderStatus] = {
    "pending": OrderStatus.PENDING,
    "pendingavailability": OrderStatus.PENDING,
    "unshipped": OrderStatus.UNSHIPPED,
    "partiallyshipped": OrderStatus.PARTIALLY_SHIPPED,
    "shipped": OrderStatus.SHIPPED,
    "shipping": OrderStatus.SHIPPED,
    "complete": OrderStatus.SHIPPED,
    "invoiceunconfirmed": OrderStatus.SHIPPED,
    "canceled": OrderStatus.CANCELLED,
    "cancelled": OrderStatus.CANCELLED,
    "unfulfillable": OrderStatus.UNFULFILLABLE,
}

FILTERS: tuple[Filter, ...] = (
    Filter("shipped", "Shipped", ("Shipped", "InvoiceUnconfirmed", "Shipping"), posts=True, default=Admits.POST),
    Filter("completed", "Completed", ("Shipped", "InvoiceUnconfirmed", "Complete"), posts=True, default=Admits.POST),
    Filter(
        "payment_complete",
        "Payment complete",
        ("Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed", "Shipping", "Complete"),
        posts=True,
        default=Admits.POST,
    ),
    Filter("partially_shipped", "Partially shipped", ("PartiallyShipped",), posts=True, default=Admits.DOWNLOAD),
    Filter("pending", "Pending", ("Pending", "PendingAvailability"), posts=False, default=Admits.NOTHING),
    Filter("cancelled", "Cancelled", ("Cancelled", "Canceled"), posts=False, default=Admits.NOTHING),
    Filter("unfulfillable", "Unfulfillable", ("Unfulfillable",), posts=False, default=Admits.NOTHING),
)
DEFAULTS: Mapping[str, Admits] = {one.key: one.default for one in FILTERS}
NEVER_POSTS = frozenset({OrderStatus.PENDING, OrderStatus.CANCELLED, OrderStatus.UNFULFILLABLE})


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with an order, and in a sentence why it waits where it may not post."""

    admits: Admits
    why: str = ""


@lru_cache(maxsize=512)
def read_status(told: str) -> OrderStatus:
    """What Amazon's word comes to: that of Orders v0, of Orders 2026-01-01, or of a report, in any letter case."""
    first, dash, suffix = told.strip().partition(" - ")
    found = _WORDS.get(_folded(first), OrderStatus.UNKNOWN)
    if not dash:
        return found
    known = {OrderStatus.SHIPPED: SHIPPED_SUFFIXES, OrderStatus.PENDING: PENDING_SUFFIXES}.get(found, ())
    return found if _folded(suffix) in {_folded(one) for one in known} else OrderStatus.UNKNOWN


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).casefold()


def is_completed(order: Order) -> bool:
    """Whether it was shipped whole: no line of it is left to ship or was cancelled. Lines may be silent."""
    if read_status(order.status) is not OrderStatus.SHIPPED:
        return False
    return all(not line.status or read_status(line.status) is OrderStatus.SHIPPED for line in order.lines)


def fitting(order: Order, *, settled: bool, payment: PaymentComplete) -> tuple[str, ...]:
    """The keys of the filters that an order fits; none for a status that is not known.

    `settled`: whether the order is in a settlement.
    """
    status = read_status(order.status)
    if status is OrderStatus.UNKNOWN:
        return ()
    word = _folded(order.status.partition(" - ")[0])
    fits = [one.key for one in FILTERS if word in map(_folded, one.words)]
    if "completed" in fits and not is_completed(order):
        fits.remove("completed")
    if payment is PaymentComplete.SETTLED:
        fits = [key for key in fits if key != "payment_complete"]
        if settled and status not in NEVER_POSTS:
            fits.append("payment_complete")
    return tuple(fits)


def decide(
    order: Order,
    chosen: Mapping[str, Admits] = DEFAULTS,
    *,
    settled: bool = False,
    payment: PaymentComplete = PaymentComplete.AUTHORISED,
) -> Decision:
    """What is done with an order by the filters chosen for its marketplace and channel.

    Of the filters it fits, the one that admits most decides; Partially shipped, where it does not leave out, goes
    before Payment complete. What is pending, cancelled or unfulfillable never posts, whatever is chosen; what is
    in no list is downloaded and asked about; a multi-channel order is no sale at Amazon.
    """
    status = read_status(order.status)
    if status is OrderStatus.UNKNOWN:
        return Decision(Admits.DOWNLOAD, f"Amazon's status {order.status!r} is not known here: decide what it means.")
    fits = fitting(order, settled=settled, payment=payment)
    if status is OrderStatus.PARTIALLY_SHIPPED and _choice(chosen, "partially_shipped") is not Admits.NOTHING:
        fits = ("partially_shipped",)
    admits = _most(_choice(chosen, key) for key in fits)
    if status in NEVER_POSTS:
        admits = Admits.DOWNLOAD if admits is Admits.POST else admits
        return Decision(admits, f"Orders that are {status} are never posted.")
    if order.is_multi_channel:
        admits = Admits.DOWNLOAD if admits is Admits.POST else admits
        return Decision(admits, "It was sold elsewhere and only shipped by Amazon: no sale at Amazon.")
    if admits is Admits.POST:
        return Decision(admits)
    waits = "by Status Filters, orders of this status are downloaded only"
    left = "by Status Filters, orders of this status are left out"
    return Decision(admits, f"{order.status}: {waits if admits is Admits.DOWNLOAD else left}.")


def _choice(chosen: Mapping[str, Admits], key: str) -> Admits:
    return Admits(chosen.get(key, Admits.NOTHING))


def _most(choices: Iterable[Admits]) -> Admits:
    order = list(Admits)
    return min(choices, key=order.index, default=Admits.NOTHING)
