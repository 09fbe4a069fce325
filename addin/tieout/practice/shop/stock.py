"""What lies in Amazon's warehouses for the seller, product by product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tieout.practice.shop.dice import Dice
from tieout.practice.shop.place import Place
from tieout.practice.shop.records import Channel, Product


@dataclass(frozen=True, slots=True)
class Stock:
    """The units of one FBA product in a marketplace's warehouses."""

    product: Product
    fulfillable: int
    inbound_working: int
    inbound_shipped: int
    inbound_receiving: int
    reserved: int
    unfulfillable: int
    researching: int

    @property
    def total(self) -> int:
        """All units, wherever they are."""
        return (
            self.fulfillable
            + self.inbound_working
            + self.inbound_shipped
            + self.inbound_receiving
            + self.reserved
            + self.unfulfillable
            + self.researching
        )


def stock_of(seed: int, place: Place, products: Iterable[Product]) -> Iterator[Stock]:
    """The stock of every product that Amazon stores."""
    for product in products:
        if product.channel is Channel.FBA:
            dice = Dice(seed, "stock", place.number, product.number)
            yield Stock(
                product=product,
                fulfillable=dice.below(180),
                inbound_working=dice.below(3) * 12,
                inbound_shipped=dice.below(2) * 24,
                inbound_receiving=dice.below(6),
                reserved=dice.below(9),
                unfulfillable=dice.below(4),
                researching=dice.below(2),
            )
