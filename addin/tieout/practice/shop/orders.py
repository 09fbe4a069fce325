"""Orders, each made by itself from the seed, its marketplace and its number there.

The numbers run with the time of purchase, so a span of time is a span of numbers. Nothing is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tieout.practice.shop.catalogue import list_price
from tieout.practice.shop.dice import Dice
from tieout.practice.shop.numbers import MIXED, id_seed, order_id, order_item_id
from tieout.practice.shop.place import Place, TaxMode
from tieout.practice.shop.records import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Channel,
    Order,
    OrderKind,
    OrderLine,
    Product,
    Refund,
)

# No order is paid later than this after its purchase, and no refund later still (the sum of the waits below).
POSTED_WITHIN_S = (3 + 5 + 6 + 7) * DAY_S
REFUNDED_WITHIN_S = POSTED_WITHIN_S + 14 * DAY_S

_DEFERRAL_S = 7 * DAY_S  # Amazon's delivery date plus seven days (DD+7)
_US_TAX_PER_100_000 = (6_000, 6_250, 7_250, 8_250, 8_875)
_FIRST_FORCED = 12  # a marketplace of fewer orders has only what chance gives
_QUANTITIES = (1,) * 16 + (2, 2, 3, 4)
_OFFER_NAMES = ("Save 10 percent on two", "PAWS-V2-22886240117", "Autumn deal")


@dataclass(frozen=True, slots=True)
class OrderBook:
    """The orders of one marketplace: how many, bought when, of which products, seen from `now_s`."""

    seed: int
    place: Place
    count: int
    start_s: int
    now_s: int
    products: tuple[Product, ...] = field(repr=False)
    fba: tuple[Product, ...] = field(repr=False)
    fbm: tuple[Product, ...] = field(repr=False)
    late_cancel: int = -1  # the number of an order cancelled after it was ready to ship; -1: none

    @property
    def id_seed(self) -> int:
        """What the ids of its orders are made from."""
        return id_seed(self.seed, self.start_s)

    def purchased_s(self, index: int) -> int:
        """When order `index` was bought; grows with `index`."""
        slot = (self.now_s - self.start_s) * 1000 // self.count
        jitter = Dice(self.seed, self.place.number, index, "t").below(max(slot - 1000, 1))
        return self.start_s + (index * slot + jitter) // 1000

    def first_since(self, moment_s: int) -> int:
        """The first order bought at `moment_s` or later; `count` if there is none."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self.purchased_s(middle) < moment_s:
                low = middle + 1
            else:
                high = middle
        return low

    def order(self, index: int) -> Order:
        """Order `index` with its whole life."""
        dice = Dice(self.seed, self.place.number, index)
        kind, fate = self._kind(dice, index)
        channel, lines, withheld = self._contents(dice, index, kind, fate)
        purchased = self.purchased_s(index)
        authorised, cancelled, shipped, delivered = self._life(dice, fate, channel, purchased, index)
        deferred = dice.chance(350) and kind is OrderKind.STANDARD
        posted = None
        if shipped is not None and delivered is not None and kind is not OrderKind.REPLACEMENT:
            posted = delivered + _DEFERRAL_S if deferred else shipped
        multi_channel = kind is OrderKind.MULTI_CHANNEL
        prefix = self.place.multi_channel_prefix if multi_channel else dice.pick(self.place.prefixes)
        number = order_id(self.id_seed, self.place, index, prefix=prefix)
        return Order(
            place=self.place,
            index=index,
            order_id=number,
            merchant_order_id=f"#{1000 + index}" if multi_channel else number,
            kind=kind,
            channel=channel,
            business=dice.chance(80),
            purchased_s=purchased,
            authorised_s=authorised,
            cancelled_s=cancelled,
            shipped_s=shipped,
            delivered_s=delivered,
            posted_s=posted,
            deferred=deferred,
            withheld=withheld,
            shipment_id=dice.text(9, MIXED),
            lines=lines,
            refund=self._refund(dice, fate, kind, lines, posted),
            replaces=self._replaced(kind, index),
        )

    def _kind(self, dice: Dice, index: int) -> tuple[OrderKind, str]:
        """What becomes of the order: by chance, save for a few places that make sure of each sort."""
        roll = dice.below(1000)
        fate = "cancelled" if roll < 40 else "refunded" if roll < 100 else "plain"
        kind = OrderKind.STANDARD
        if 100 <= roll < 112:
            kind = OrderKind.REPLACEMENT
        elif 112 <= roll < 140 and self.place.tax_mode is not TaxMode.INSIDE:
            kind = OrderKind.MULTI_CHANNEL
        if self.count < _FIRST_FORCED:
            return kind, fate
        if index == self.late_cancel:
            return OrderKind.STANDARD, "late cancel"
        forced = {
            2: (OrderKind.REPLACEMENT, "plain"),
            3: (OrderKind.MULTI_CHANNEL, "plain"),
            4: (OrderKind.STANDARD, "cancelled"),
            5: (OrderKind.STANDARD, "refunded"),
            6: (OrderKind.STANDARD, "gift"),
            7: (OrderKind.STANDARD, "offer"),
            8: (OrderKind.STANDARD, "twins"),
            9: (OrderKind.STANDARD, "many"),
            self.count - 1: (OrderKind.STANDARD, "pending"),
            self.count - 2: (OrderKind.STANDARD, "unshipped"),
        }
        return forced.get(index, (kind, fate))

    def _contents(
        self, dice: Dice, index: int, kind: OrderKind, fate: str
    ) -> tuple[Channel, tuple[OrderLine, ...], bool]:
        """The channel, the lines, and whether Amazon withholds their tax."""
        first = dice.pick(self.products)
        if kind is OrderKind.MULTI_CHANNEL or fate == "twins":
            first = dice.pick(self.fba)
        elif fate in ("gift", "unshipped", "late cancel"):
            first = dice.pick(self.fbm)
        shelf = self.fba if first.channel is Channel.FBA else self.fbm
        spread = dice.below(100)
        chosen = [first]
        if kind is OrderKind.STANDARD and (spread >= 86 or fate in ("twins", "many")):
            chosen.append(first if spread == 99 or fate == "twins" else dice.pick(shelf))
            if spread >= 97:
                chosen.append(dice.pick(shelf))
        rate, withheld = self._tax_rate(dice)
        free = kind is not OrderKind.STANDARD
        ids = [order_item_id(self.id_seed, self.place, index, position) for position in range(len(chosen))]
        lines = [
            self._line(dice, item_id, product, free=free, fate=fate, rate=rate)
            for item_id, product in zip(ids, chosen, strict=True)
        ]
        return first.channel, tuple(lines), withheld

    def _tax_rate(self, dice: Dice) -> tuple[int, bool]:
        """The tax rate in hundred-thousandths of the net price, and whether Amazon withholds."""
        mode = self.place.tax_mode
        if mode is TaxMode.FACILITATED:
            taxed = dice.chance(600)
            return (dice.pick(_US_TAX_PER_100_000), True) if taxed else (0, False)
        if mode is TaxMode.INSIDE:
            return 0, False
        if mode is TaxMode.SELLER and dice.chance(60):
            return 0, True  # a zero-rated supply with Amazon as the deemed supplier: rows of 0.00 say so
        return self.place.vat_per_mille * 100, mode is TaxMode.WITHHELD

    def _line(self, dice: Dice, item_id: str, product: Product, *, free: bool, fate: str, rate: int) -> OrderLine:
        quantity = 2 if fate == "many" else dice.pick(_QUANTITIES)
        price, tax = (0, 0) if free else self._split(list_price(self.place, product) * quantity, rate)
        shipping = shipping_tax = wrap = wrap_tax = 0
        given = fba_offer = False
        if product.channel is Channel.FBM and not free:
            if dice.chance(500):
                shipping, shipping_tax = self._split(499 * self.place.scale // 100, rate)
            # Gift wrap is only where no withheld row is needed for it: none was ever seen in a real file.
            if (fate == "gift" or dice.chance(60)) and self._wraps(rate):
                wrap, wrap_tax = self._split(399 * self.place.scale // 100, rate)
        elif not free and (dice.chance(120) or fate == "offer"):
            shipping, shipping_tax = self._split(dice.pick((299, 499)) * self.place.scale // 100, rate)
            given = fba_offer = dice.chance(600) or fate == "offer"
        discount = discount_tax = 0
        if not free and (dice.chance(60) or fate == "offer"):
            discount, discount_tax = self._split((price + tax if self.place.gross_prices else price) // 10, rate)
            if not self.place.gross_prices:  # sales tax is on the price after the promotion
                tax, discount_tax = tax - discount_tax, 0
        if given and not self.place.gross_prices:
            shipping_tax = 0
        return OrderLine(
            item_id=item_id,
            product=product,
            quantity=quantity,
            price=price,
            tax=tax,
            shipping=shipping,
            shipping_tax=shipping_tax,
            gift_wrap=wrap,
            gift_wrap_tax=wrap_tax,
            discount=discount,
            discount_tax=discount_tax,
            shipping_discount=shipping if given else 0,
            shipping_discount_tax=shipping_tax if given else 0,
            promotion_id=dice.pick(_OFFER_NAMES) if discount else "",
            shipping_promotion_id=f"Free Rush Shipping {dice.below(90) + 10}" if fba_offer else "",
        )

    def _split(self, amount: int, rate: int) -> tuple[int, int]:
        """Net and tax of an amount as the buyer sees it: with the tax inside, or before it."""
        if self.place.gross_prices:
            tax = (amount * rate + (100_000 + rate) // 2) // (100_000 + rate)
            return amount - tax, tax
        return amount, (amount * rate + 50_000) // 100_000

    def _wraps(self, rate: int) -> bool:
        mode = self.place.tax_mode
        return mode is TaxMode.SELLER or (mode is TaxMode.FACILITATED and rate == 0) or mode is TaxMode.INSIDE

    def _life(
        self, dice: Dice, fate: str, channel: Channel, purchased: int, index: int
    ) -> tuple[int, int | None, int | None, int | None]:
        """When the order is authorised, cancelled, shipped and delivered."""
        slow = dice.chance(20)
        authorised = purchased + (dice.between(1, 3 * DAY_S) if slow else 30 * MINUTE_S)
        handling = dice.between(6, 36) if channel is Channel.FBA else dice.between(12, 72)
        if fate == "cancelled":  # from Pending, so that nothing that could be posted is ever taken back
            return authorised + HOUR_S, purchased + dice.between(MINUTE_S, 30 * MINUTE_S), None, None
        if fate == "pending":
            authorised = max(authorised, self.now_s + dice.between(6, 12) * HOUR_S)
        if fate == "late cancel":
            return authorised, self.now_s + 2 * DAY_S, None, None
        shipped = authorised + handling * HOUR_S + dice.below(HOUR_S)
        if fate == "unshipped":
            shipped = max(shipped, self.now_s + 8 * HOUR_S)
        return authorised, None, shipped, shipped + dice.between(DAY_S, 6 * DAY_S)

    def _refund(
        self, dice: Dice, fate: str, kind: OrderKind, lines: Sequence[OrderLine], posted: int | None
    ) -> Refund | None:
        if fate != "refunded" or kind is not OrderKind.STANDARD or posted is None:
            return None
        fbm = lines[0].product.channel is Channel.FBM
        return Refund(
            posted_s=posted + dice.between(2 * DAY_S, 14 * DAY_S),
            adjustment_id="amzn1:crow:" + dice.text(22, MIXED),
            adjustment_item_id=f"17{dice.below(10**17):017d}",
            restocking=lines[0].price // 5 if fbm and lines[0].tax == 0 and dice.chance(400) else 0,
        )

    def _replaced(self, kind: OrderKind, index: int) -> str:
        """The earlier order that a replacement replaces, if there was one."""
        if kind is not OrderKind.REPLACEMENT:
            return ""
        for earlier in range(index - 1, -1, -1):
            what = self._kind(Dice(self.seed, self.place.number, earlier), earlier)
            if what == (OrderKind.STANDARD, "plain"):
                return self.order(earlier).order_id
        return ""
