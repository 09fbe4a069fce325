"""Finding orders, for both versions of the Orders API: by time of purchase or of last change, page by page.

An order is seen as it stands at the server's time, so one that changes between two pages can leave the window:
that is so at Amazon too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.practice.amazon.page_tokens import page_token, read_page_token
from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.wire import TWO_MINUTES_S, Doc, Request, invalid_input, iso
from tieout.practice.shop.account import Account
from tieout.practice.shop.orders import REFUNDED_WITHIN_S
from tieout.practice.shop.records import Channel, Order

TOKEN_LASTS_S = 24 * 3600  # searchOrders: a pagination token is good for a day
_HISTORY_S = 2 * 365 * 86_400  # no order is older than two years


@dataclass(frozen=True, slots=True)
class Window:
    """Which of the two times decides, and between which moments (both included), in seconds since 1970."""

    updated: bool
    after_s: int
    before_s: int


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """What is asked for; empty tuples mean all. Statuses are in Orders v0 spelling."""

    window: Window
    marketplace_ids: tuple[str, ...]
    statuses: tuple[str, ...]
    channels: tuple[Channel, ...]
    page_size: int
    start: tuple[int, int] = (0, -1)

    def token(self, kind: str, start: tuple[int, int], now_s: int) -> str:
        """The token of the page that begins at `start`: an account's number and an order's."""
        return page_token(
            kind,
            {
                "w": [self.window.updated, self.window.after_s, self.window.before_s],
                "m": list(self.marketplace_ids),
                "s": list(self.statuses),
                "c": [str(channel) for channel in self.channels],
                "n": self.page_size,
                "at": list(start),
                "t": now_s,
            },
        )


def query_of_token(kind: str, token: str, now_s: int, name: str) -> OrderQuery:
    """The query a page token stands for; InvalidInput for one that is no token, or a day old."""
    content = read_page_token(kind, token, name)
    if now_s - content["t"] > TOKEN_LASTS_S:
        raise invalid_input(f"{name} has expired.")
    updated, after_s, before_s = content["w"]
    return OrderQuery(
        window=Window(updated, after_s, before_s),
        marketplace_ids=tuple(content["m"]),
        statuses=tuple(content["s"]),
        channels=tuple(Channel(channel) for channel in content["c"]),
        page_size=content["n"],
        start=(content["at"][0], content["at"][1]),
    )


def read_window(request: Request, names: tuple[str, str, str, str]) -> Window:
    """The window of a request, by the names of its parameters: created after and before, updated after and before."""
    created_after, created_before, updated_after, updated_before = (request.moment(name) for name in names)
    if (created_after is None) == (updated_after is None):
        raise invalid_input(f"Exactly one of {names[0]} and {names[2]} must be provided.")
    updated = updated_after is not None
    if updated and created_before is not None:
        raise invalid_input(f"{names[1]} cannot be used with {names[2]}.")
    if not updated and updated_before is not None:
        raise invalid_input(f"{names[3]} cannot be used with {names[0]}.")
    after, before = (updated_after, updated_before) if updated else (created_after, created_before)
    assert after is not None
    latest = request.now_s - TWO_MINUTES_S
    if before is not None and before > latest:
        raise invalid_input(f"{names[3 if updated else 1]} must be at least two minutes before the current time.")
    if before is not None and before < after:
        raise invalid_input("The end of the period is before its start.")
    return Window(updated, max(after, request.now_s - _HISTORY_S), latest if before is None else before)


def find(seller: Seller, query: OrderQuery, now_s: int) -> tuple[list[Order], tuple[int, int] | None]:
    """One page of orders, and where the next page begins; None after the last."""
    found: list[Order] = []
    for place, order in _candidates(seller, query, now_s):
        if len(found) == query.page_size:
            return found, place
        found.append(order)
    return found, None


def _candidates(seller: Seller, query: OrderQuery, now_s: int) -> Iterator[tuple[tuple[int, int], Order]]:
    accounts = seller.chosen(query.marketplace_ids) if query.marketplace_ids else seller.accounts
    first_account, first_index = query.start
    for number, account in enumerate(accounts[first_account:], start=first_account):
        start = first_index if number == first_account else -1
        for order in orders_in(account, query.window, now_s, first=start):
            if _fits(order, query, now_s):
                yield (number, order.index), order


def orders_in(account: Account, window: Window, now_s: int, *, first: int = -1) -> Iterator[Order]:
    """The orders of an account in a window, from order `first` on, by time of purchase."""
    book = account.book
    if book is None:
        return
    lag = REFUNDED_WITHIN_S if window.updated else 0
    start = max(first, book.first_since(window.after_s - lag))
    stop = book.first_since(min(window.before_s, now_s) + 1)
    for index in range(start, stop):
        order = book.order(index)
        if not window.updated or window.after_s <= order.last_updated_s(now_s) <= window.before_s:
            yield order


def _fits(order: Order, query: OrderQuery, now_s: int) -> bool:
    if query.channels and order.channel not in query.channels:
        return False
    return not query.statuses or order.status_at(now_s) in query.statuses


def window_doc(window: Window, before: str, created: str) -> Doc:
    """The end of the window as an answer tells it, under the one name or the other."""
    return {before if window.updated else created: iso(window.before_s)}
