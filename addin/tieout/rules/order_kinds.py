"""Which lines of a settlement are an order's own money or a refund's, and which are fees and the rest.

An order's own money is what its document records: price, shipping, gift wrap, their tax, promotions, and the tax that
Amazon withholds. Everything else of the order (commission, fulfilment) and of the account is posted beside it.
"""

from collections.abc import Mapping as Resolved
from dataclasses import dataclass

from tieout.domain.account import Group
from tieout.domain.settlement import Kind
from tieout.rules.classify import tax_kinds
from tieout.rules.mapping import Mapped
from tieout.rules.spelling import folded

_SALE = frozenset({"order"})
_REFUND = frozenset({"refund", "chargebackrefund", "atozguaranteerefund"})
_PRICE_PLACES = frozenset({"itemprice", "promotion"})


@dataclass(frozen=True, slots=True)
class OrderKinds:
    """Kinds of lines, by what they are of an order or refund; `tax` are those of `sale` and `refund` on prices."""

    sale: frozenset[Kind]
    sale_withheld: frozenset[Kind]
    refund: frozenset[Kind]
    refund_withheld: frozenset[Kind]
    tax: frozenset[Kind]
    all_withheld: frozenset[Kind]
    all_tax: frozenset[Kind]


def order_kinds(mapped: Resolved[Kind, Mapped]) -> OrderKinds:
    """The kinds of a settlement, sorted; kinds of multi-channel orders ("Non-Amazon US") are no order's."""
    taxes = tax_kinds(mapped)
    sold = [kind for kind in mapped if not folded(kind.marketplace_name).startswith("nonamazon")]
    sale = frozenset(kind for kind in sold if _is(kind, _SALE) and _is_price(kind))
    refund = frozenset(kind for kind in sold if _is(kind, _REFUND) and _is_price(kind))
    withheld = frozenset(kind for kind in sold if mapped[kind].group is Group.FACILITATOR_TAX)
    return OrderKinds(
        sale=sale,
        sale_withheld=frozenset(kind for kind in withheld if _is(kind, _SALE)),
        refund=refund,
        refund_withheld=frozenset(kind for kind in withheld if _is(kind, _REFUND)),
        tax=taxes.on_price & (sale | refund),
        all_withheld=taxes.withheld,
        all_tax=taxes.on_price,
    )


def _is(kind: Kind, occasions: frozenset[str]) -> bool:
    return folded(kind.transaction_type) in occasions


def _is_price(kind: Kind) -> bool:
    return folded(kind.amount_type) in _PRICE_PLACES
