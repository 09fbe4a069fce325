"""The seller's products and their listings: what Amazon lists, and what the seller wants it to list.

A listing of a product that the seller sends (FBM) may be out of sync: its price or quantity on Amazon is not the
wanted one. Names hold letters beyond ASCII and an ampersand, because real ones do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.practice.shop.dice import Dice
from tieout.practice.shop.numbers import ALPHANUMERIC
from tieout.practice.shop.place import Place
from tieout.practice.shop.records import Channel, Product

_THINGS = (
    "Mug",
    "Teapot",
    "Lamp",
    "Cushion",
    "Träger",
    "Café press",
    "Salt & pepper set",
    "Tray",
    "Vase",
    "Crêpe pan",
)
_COLOURS = ("blue", "red", "green", "white", "black", "grey")
_SIZES = ("S", "M", "L", "XL")
_BASES = (899, 1299, 1999, 2499, 3499, 4999, 6899, 8999)
_FBM_SHARE_PER_MILLE = 400


@dataclass(frozen=True, slots=True)
class Listing:
    """One product in one marketplace. `price` is what buyers see there, in minor units; FBA has no `quantity`.

    `wanted_price` and `wanted_quantity` are what the seller's own books say; `business_price`, `lead_days`,
    `floor` and `ceiling` stand beside the price in Amazon's attributes and must survive a change of it.
    """

    place: Place
    product: Product
    price: int
    quantity: int | None
    wanted_price: int
    wanted_quantity: int | None
    business_price: int | None
    lead_days: int
    floor: int
    ceiling: int
    listing_id: str
    active: bool


def product_count(orders: int) -> int:
    """How many products a shop of so many orders has."""
    return max(12, min(2000, orders // 20))


def make_products(seed: int, count: int) -> tuple[Product, ...]:
    """The shop's products; at least one of each channel."""
    return tuple(_product(seed, number) for number in range(count))


def _product(seed: int, number: int) -> Product:
    dice = Dice(seed, "product", number)
    thing = _THINGS[number % len(_THINGS)]
    colour, size = dice.pick(_COLOURS), dice.pick(_SIZES)
    channel = Channel.FBM if number == 1 or (number and dice.chance(_FBM_SHARE_PER_MILLE)) else Channel.FBA
    # Some sellers' SKUs are numbers with leading zeros, some hold spaces or slashes: ids are text.
    form = dice.below(10)
    stem = f"{ord(thing[0]) % 26:02d}{number:05d}"
    sku = f"0{stem}" if form == 0 else f"{stem} {size}" if form == 1 else f"TP-{stem}-{colour[:3].upper()}-{size}"
    return Product(
        number=number,
        sku=sku,
        asin="B0" + dice.text(8, ALPHANUMERIC),
        fnsku="X00" + dice.text(7, ALPHANUMERIC),
        title=f"{thing}, {colour}, {size}",
        channel=channel,
        base_minor=dice.pick(_BASES),
        tier=dice.below(4),
    )


def list_price(place: Place, product: Product) -> int:
    """The price the seller asks in a marketplace, in its minor units, as buyers see it there."""
    return product.base_minor * place.scale // 10_000 * 100 + 99


def make_listing(seed: int, place: Place, product: Product, *, exceptions: bool = False) -> Listing:
    """The listing of a product; with `exceptions` some wanted values are too far off to push unasked."""
    dice = Dice(seed, "listing", place.number, product.number)
    price = list_price(place, product)
    fbm = product.channel is Channel.FBM
    wanted_price = price
    wanted_quantity = stock = dice.between(3, 60) if fbm else None
    drifted = fbm and (product.number == 1 or dice.chance(350))
    if drifted:
        wanted_price += price * dice.between(1, 8) // 100 * dice.pick((1, -1))
        wanted_quantity = max(1, (stock or 0) + dice.between(-2, 9))
    if exceptions and fbm:
        wanted_price = price * 3 if product.number % 7 == 1 else wanted_price
        wanted_quantity = 0 if product.number % 5 == 1 else wanted_quantity
    return Listing(
        place=place,
        product=product,
        price=price,
        quantity=stock,
        wanted_price=wanted_price,
        wanted_quantity=wanted_quantity,
        business_price=price * 95 // 100 if dice.chance(500) else None,
        lead_days=dice.between(1, 4),
        floor=price * 60 // 100,
        ceiling=price * 150 // 100,
        listing_id=f"0{place.number:02d}{product.number:05d}{dice.text(4, ALPHANUMERIC)}",
        active=not dice.chance(30),
    )


def iter_listings(
    seed: int, place: Place, products: tuple[Product, ...], *, exceptions: bool = False
) -> Iterator[Listing]:
    """Every product's listing in a marketplace, in the products' order."""
    for product in products:
        yield make_listing(seed, place, product, exceptions=exceptions)
