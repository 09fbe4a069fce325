"""What a kind of line is by its own words, where a rule of posting hangs on that and not on the mapping."""

from collections.abc import Mapping as Resolved
from dataclasses import dataclass

from tieout.domain.account import Group
from tieout.domain.settlement import Kind
from tieout.rules.mapping import Mapped
from tieout.rules.spelling import folded

_PRICE_PLACES = frozenset({"itemprice", "promotion"})
_PLAIN_PLACES = frozenset({"itemprice", "itemfees", "itemwithheldtax"})
_PLAIN_OCCASIONS = frozenset({"othertransaction", "other"})
_CARRIED_DEBT = "payabletoamazon"


@dataclass(frozen=True, slots=True)
class TaxKinds:
    """The kinds of a settlement that rule 8 is about.

    `withheld`: tax that Amazon kept back as facilitator. `on_price`: tax on prices, shipping and gift wrap, and the
    tax that promotions take back.
    """

    withheld: frozenset[Kind]
    on_price: frozenset[Kind]


def tax_kinds(mapped: Resolved[Kind, Mapped]) -> TaxKinds:
    """The kinds of withheld tax and of tax on prices, by the group they are mapped to.

    Tax withheld from the seller's own income (India's TCS and TDS) is mapped to Tax and is neither.
    """
    return TaxKinds(
        withheld=frozenset(kind for kind, to in mapped.items() if to.group is Group.FACILITATOR_TAX),
        on_price=frozenset(
            kind for kind, to in mapped.items() if to.group is Group.TAX and folded(kind.amount_type) in _PRICE_PLACES
        ),
    )


def is_carried_debt(kind: Kind) -> bool:
    """Whether it is the debt of the settlement before ("Payable to Amazon")."""
    return folded(kind.amount_description) == _CARRIED_DEBT


def fee_name(transaction_type: str, amount_type: str, description: str) -> str:
    """A kind of line in a few words: "Order: Commission", "Order: Promotion, Shipping", "Subscription Fee".

    Words that only say where a line stands (ItemFees, other-transaction) or that repeat are left out.
    """
    occasion, place, name = (" ".join(text.split()) for text in (transaction_type, amount_type, description))
    if folded(occasion) in _PLAIN_OCCASIONS:
        occasion = ""
    if folded(place) in (*_PLAIN_PLACES, *_PLAIN_OCCASIONS, folded(occasion)):
        place = ""
    if folded(name) in (folded(occasion), folded(place)):
        name = ""
    said = ", ".join(text for text in (place, name) if text)
    return ": ".join(text for text in (occasion, said) if text) or transaction_type
