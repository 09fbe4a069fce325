"""Making a world: which accounts it has, how the orders are shared out, and what is planted where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tieout.practice.shop.account import Account
from tieout.practice.shop.catalogue import iter_listings, make_products, product_count
from tieout.practice.shop.numbers import foreign_order_id
from tieout.practice.shop.orders import OrderBook
from tieout.practice.shop.periods import LISTED_AFTER_S, SETTLEMENT_DAYS, START, closes_s, opening_s, seen_from_s
from tieout.practice.shop.place import PLACES, Place, place_of
from tieout.practice.shop.planted import PlantedTrouble, Planting, Trouble
from tieout.practice.shop.records import DAY_S, Channel, Order, OrderKind, Product, moment
from tieout.practice.shop.world import Shop

ORDERS_MAX = 5_000_000
MONTHS_MAX = 24
_BEYOND_S = 35 * DAY_S  # settlements go on for a while after the world's own moment
_PLANT_FROM = 10  # orders before this one make sure of each sort of order
_COMPANIONS = (("CA", 50), ("MX", 0))  # a named share of the orders, in addition to them; 0: none


def make_shop(
    seed: int,
    *,
    orders: int = 120,
    marketplaces: Sequence[str] = ("US", "UK", "DE"),
    months: int = 1,
    start: date = START,
    now: datetime | None = None,
    exceptions: bool = False,
    settlement_days: int = SETTLEMENT_DAYS,
) -> Shop:
    """A seller's world of `orders` orders in `marketplaces`, over `months` months from `start` and up to `now`.

    `now` is the moment from which it is seen, by default (and at the earliest) the thirteenth day after its months.
    Half of the orders are the first marketplace's. With the US among them, the account's other currencies (CAD
    with a few orders of its own, beside `orders`; MXN with none) are settled and listed too. `exceptions` plants
    some of everything that a person must decide; `settlement_days` is how often Amazon settles. ValueError for a
    marketplace in which the practice seller has no account, or for a size or time out of bounds.
    """
    if not 1 <= settlement_days <= SETTLEMENT_DAYS:
        raise ValueError(f"settlement_days must be 1 to {SETTLEMENT_DAYS}")
    now_s = None if now is None else int(now.timestamp())
    plan = _Plan(orders, tuple(marketplaces), months, start, settlement_days, now_s)
    return _make(seed, plan, exceptions=exceptions)


def shop_for_demo(seed: int) -> Shop:
    """The demo's seller: US, UK and DE, a month, and one fee that nobody knows, in the UK's last settlement."""
    plan = _Plan(120, ("US", "UK", "DE"), 1, START, SETTLEMENT_DAYS)
    return _make(seed, plan, unknown_fee_in="GB")


@dataclass(frozen=True, slots=True)
class _Plan:
    """The size and the span of a world; `seen_s` is the moment from which it is seen, None for the earliest."""

    orders: int
    marketplaces: tuple[str, ...]
    months: int
    start: date
    settlement_days: int
    seen_s: int | None = None

    @property
    def now_s(self) -> int:
        """The moment from which it is seen; ValueError before its last settlement is in the bank."""
        earliest = seen_from_s(self.start, self.months)
        if self.seen_s is not None and self.seen_s < earliest:
            raise ValueError(f"a world that starts on {self.start} is seen from {moment(earliest):%Y-%m-%d %H:%M} on")
        return earliest if self.seen_s is None else self.seen_s


def _make(seed: int, plan: _Plan, *, exceptions: bool = False, unknown_fee_in: str = "") -> Shop:
    orders = plan.orders
    places = tuple(dict.fromkeys(place_of(code) for code in plan.marketplaces))
    if not places:
        raise ValueError("a shop needs at least one marketplace")
    if not (len(places) <= orders <= ORDERS_MAX and 1 <= plan.months <= MONTHS_MAX):
        raise ValueError(f"orders must be {len(places)} to {ORDERS_MAX}, months 1 to {MONTHS_MAX}")
    maker = _Maker(seed, plan, make_products(seed, product_count(orders)))
    accounts = []
    for position, (place, count) in enumerate(zip(places, _shares(orders, len(places)), strict=True)):
        account = maker.account(place, count)
        if position == 1 % len(places):
            account = replace(account, negative_period=0)
        if position == 2 % len(places):
            account = replace(account, reserved_period=1)
        if exceptions or place.market.country == unknown_fee_in:
            account = replace(account, planting=maker.planting(account, exceptions=exceptions))
        if exceptions and account.planting.late_order >= 0 and account.book is not None:
            account = replace(account, book=replace(account.book, late_cancel=account.planting.late_order))
        accounts.append(account)
    if PLACES["US"] in places:
        accounts += [
            maker.companion(PLACES[code], part and max(2, orders // part))
            for code, part in _COMPANIONS
            if PLACES[code] not in places
        ]
    return Shop(
        seed=seed,
        marketplaces=tuple(place.market.country for place in places),
        start=plan.start,
        months=plan.months,
        now=moment(maker.now_s),
        products=maker.products,
        accounts=tuple(accounts),
        exceptions=exceptions,
        troubles=tuple(trouble for account in accounts for trouble in _told(account, exceptions=exceptions)),
    )


def _shares(orders: int, places: int) -> list[int]:
    """How many orders each marketplace has: half the first one's, the rest in equal parts, none without any."""
    if places == 1:
        return [orders]
    rest = max(orders // 2, places - 1)
    part, extra = divmod(rest, places - 1)
    return [orders - rest, *(part + (number < extra) for number in range(places - 1))]


@dataclass(frozen=True, slots=True)
class _Maker:
    seed: int
    plan: _Plan
    products: tuple[Product, ...]

    @property
    def now_s(self) -> int:
        return self.plan.now_s

    def account(self, place: Place, orders: int, *, companion: bool = False) -> Account:
        shelves = {
            channel: tuple(product for product in self.products if product.channel is channel) for channel in Channel
        }
        book = OrderBook(
            seed=self.seed,
            place=place,
            count=orders,
            start_s=opening_s(self.plan.start),
            now_s=self.now_s,
            products=self.products,
            fba=shelves[Channel.FBA],
            fbm=shelves[Channel.FBM],
        )
        return Account(
            seed=self.seed,
            place=place,
            book=book if orders else None,
            closes_s=closes_s(
                place,
                self.plan.start,
                self.plan.months,
                days=self.plan.settlement_days,
                until_s=self.now_s + _BEYOND_S,
            ),
            start_s=opening_s(self.plan.start),
            products=self.products,
            planting=Planting(place),
            companion=companion,
        )

    def companion(self, place: Place, orders: int) -> Account:
        return self.account(place, orders, companion=True)

    def planting(self, account: Account, *, exceptions: bool) -> Planting:
        """What an account is given: the unknown fee in its last listed settlement, or some of everything."""
        listed = [period.number for period in account.periods if period.end_s + LISTED_AFTER_S <= self.now_s]
        last = listed[-1]
        if not exceptions:
            return Planting(account.place, fee_period=last)
        book = account.book
        if book is None:
            return Planting(account.place)
        amount = _find(book, _PLANT_FROM, lambda order: _settled(order, self.now_s))
        residual = _find(
            book,
            amount + 1,
            lambda order: _settled(order, self.now_s) and order.withheld and order.lines[0].tax > 0,
        )
        status = _find(book, residual + 1, lambda order: _settled(order, self.now_s) and order.channel is Channel.FBM)
        return Planting(
            account.place,
            fee_period=last,
            break_period=listed[1] if len(listed) > 1 else -1,
            unlisted_period=last,
            amount_order=amount,
            residual_order=residual,
            status_order=status,
            late_order=book.count - 3 if book.count > _PLANT_FROM + 5 else -1,
        )


def _settled(order: Order, now_s: int) -> bool:
    return order.kind is OrderKind.STANDARD and order.posted_s is not None and order.posted_s < now_s - 20 * DAY_S


def _find(book: OrderBook, first: int, wanted: Callable[[Order], bool]) -> int:
    """The first order from `first` on that is `wanted`; -1 if there is none."""
    for index in range(max(first, 0), book.count - 3):
        if wanted(book.order(index)):
            return index
    return -1


def _told(account: Account, *, exceptions: bool) -> list[PlantedTrouble]:
    """The list of what was planted in an account."""
    planting, book = account.planting, account.book
    told = []
    for trouble, period in (
        (Trouble.UNKNOWN_FEE, planting.fee_period),
        (Trouble.RESERVE_BREAK, planting.break_period),
    ):
        if period >= 0:
            told.append(PlantedTrouble(trouble, account.settlement_id(period)))
    if planting.unlisted_period >= 0:
        told.append(
            PlantedTrouble(
                Trouble.UNLISTED_ORDER, foreign_order_id(account.id_seed, account.place, account.place.number)
            )
        )
    for trouble, index in (
        (Trouble.AMOUNT_DIFFERS, planting.amount_order),
        (Trouble.TAX_RESIDUAL, planting.residual_order),
        (Trouble.UNKNOWN_STATUS, planting.status_order),
        (Trouble.CANCELLED_LATE, planting.late_order),
    ):
        if index >= 0 and book is not None:
            told.append(PlantedTrouble(trouble, book.order(index).order_id))
    if exceptions and not account.companion:
        for listing in iter_listings(account.seed, account.place, account.products, exceptions=True):
            if listing.wanted_price > listing.ceiling:
                told.append(PlantedTrouble(Trouble.PRICE_JUMP, listing.product.sku))
            if listing.wanted_quantity == 0:
                told.append(PlantedTrouble(Trouble.ZERO_QUANTITY, listing.product.sku))
    return told
