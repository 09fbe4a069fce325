"""The Finances API, 2024-06-19: listTransactions.

Source: the model `finances_2024-06-19.json`: a span of more than 180 days is answered with nothing, pages may be
empty and still go on, and the seller's own US orders (MFN) are left out where a marketplace is named.
"""

from collections.abc import Iterator
from decimal import Decimal

from tieout.practice.amazon.page_tokens import page_token, read_page_token
from tieout.practice.amazon.seller import FINANCE, Seller
from tieout.practice.amazon.wire import TWO_MINUTES_S, Answer, Doc, Request, invalid_input, iso
from tieout.practice.shop.account import Account
from tieout.practice.shop.numbers import read_order_id
from tieout.practice.shop.records import DAY_S, Channel, Entry, Event
from tieout.practice.shop.transactions import (
    DEFERRED,
    DEFERRED_RELEASED,
    RELEASED,
    Transaction,
    numbered_transactions,
    transactions_of_order,
)

PAGE_SIZE = 100
_SPAN_MAX_S = 180 * DAY_S
_PAGES = "transactions"
_STATUSES = (DEFERRED, RELEASED, DEFERRED_RELEASED)
_GROUP, _ORDER = "FINANCIAL_EVENT_GROUP_ID", "ORDER_ID"


def list_transactions(seller: Seller, request: Request) -> Answer:
    """listTransactions."""
    seller.need(FINANCE)
    asked = _filters(seller, request)
    token = request.one("nextToken")
    place = read_page_token(_PAGES, token) if token else {"account": 0, "number": 0, "gap": False}
    if token and {name: place.get(name) for name in asked} != asked:
        raise invalid_input("nextToken must be sent with the arguments of the call that gave it.")
    if place["gap"]:  # a page with nothing on it, in the middle of the listing
        return _page([], {**place, "gap": False})
    found: list[Doc] = []
    last = (place["account"], place["number"])
    for position, transaction in _found(seller, request, asked, start=last):
        if len(found) >= PAGE_SIZE and position != last:  # an order's transactions stay on one page
            gap = (place["account"], place["number"]) == (0, 0)
            return _page(found, {**asked, "account": position[0], "number": position[1], "gap": gap})
        found.append(_doc(seller, transaction))
        last = position
    return _page(found, None)


def _page(docs: list[Doc], following: Doc | None) -> Answer:
    payload: Doc = {"transactions": docs}
    return Answer(
        {"payload": payload if following is None else {**payload, "nextToken": page_token(_PAGES, following)}}
    )


def _filters(seller: Seller, request: Request) -> Doc:
    name, value = request.one("relatedIdentifierName"), request.one("relatedIdentifierValue")
    if name not in ("", _GROUP, _ORDER) or bool(name) != bool(value):
        raise invalid_input(f"relatedIdentifierName must be {_GROUP} or {_ORDER}, and come with its value.")
    after, before = request.moment("postedAfter"), request.moment("postedBefore")
    if after is None and not name:
        raise invalid_input("postedAfter is required.")
    latest = request.now_s - TWO_MINUTES_S
    if any(moment is not None and moment > latest for moment in (after, before)):
        raise invalid_input("postedAfter and postedBefore must be at least two minutes before the current time.")
    if after is not None and before is not None and before <= after:
        raise invalid_input("postedBefore must be later than postedAfter.")
    status = request.one("transactionStatus")
    if status not in ("", *_STATUSES):
        raise invalid_input(f"Invalid value for transactionStatus: {status}.")
    marketplace = request.one("marketplaceId")
    if marketplace:
        seller.chosen((marketplace,))
    return {
        "after": after,
        "before": before,
        "name": name,
        "value": value,
        "status": status,
        "marketplace": marketplace,
    }


def _found(
    seller: Seller, request: Request, asked: Doc, *, start: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], Transaction]]:
    """The transactions asked for, each with its place: an account's number and its own number there."""
    accounts = seller.chosen((asked["marketplace"],)) if asked["marketplace"] else seller.accounts
    from_s = 0 if asked["after"] is None else asked["after"]
    to_s = request.now_s - TWO_MINUTES_S if asked["before"] is None else asked["before"]
    if asked["after"] is not None and to_s - from_s > _SPAN_MAX_S:
        return
    for place, account in enumerate(accounts[start[0] :], start=start[0]):
        first = start[1] if place == start[0] else 0
        for number, transaction in _of_account(account, asked, (from_s, to_s), request.now_s, start=first):
            named_us_mfn = (
                asked["marketplace"] and account.place.market.country == "US" and _channel(transaction) is Channel.FBM
            )
            in_window = from_s <= transaction.posted_s < to_s
            if in_window and not named_us_mfn and asked["status"] in ("", transaction.status):
                yield (place, number), transaction


def _of_account(
    account: Account, asked: Doc, window: tuple[int, int], now_s: int, *, start: int
) -> Iterator[tuple[int, Transaction]]:
    if asked["name"] == _ORDER:
        yield from ((0, transaction) for transaction in _of_order(account, asked["value"], now_s))
        return
    found = numbered_transactions(account, from_s=window[0], to_s=window[1], now_s=now_s, start=start)
    for number, transaction in found:
        if not asked["name"] or group_id(account, transaction.settlement_id) == asked["value"]:
            yield number, transaction


def _of_order(account: Account, order_id: str, now_s: int) -> Iterator[Transaction]:
    found = read_order_id(account.id_seed, order_id)
    if found is None or found[0] is not account.place or account.book is None or found[1] >= account.book.count:
        return
    yield from transactions_of_order(account, account.book.order(found[1]), now_s=now_s)


def _channel(transaction: Transaction) -> Channel | None:
    return None if transaction.order is None else transaction.order.channel


def group_id(account: Account, settlement_id: str) -> str:
    """The financial event group of a settlement; empty while it is open."""
    return f"G{account.place.number:02d}{settlement_id}" if settlement_id else ""


def _doc(seller: Seller, transaction: Transaction) -> Doc:
    market = transaction.account.place.market
    first = transaction.events[0]
    doc: Doc = {
        "sellingPartnerMetadata": {
            "sellingPartnerId": seller.seller_id,
            "accountType": "Standard Orders",
            "marketplaceId": market.marketplace_id,
        },
        "relatedIdentifiers": _related(transaction),
        "transactionType": transaction.transaction_type,
        "transactionId": transaction.transaction_id,
        "transactionStatus": transaction.status,
        "description": {"Shipment": "Order Payment", "Refund": "Refund Order"}.get(
            transaction.transaction_type, first.entries[0][1]
        ),
        "postedDate": iso(transaction.posted_s),
        "totalAmount": _currency(transaction, transaction.total),
        "marketplaceDetails": {"marketplaceId": market.marketplace_id, "marketplaceName": market.name},
        "items": [_item(transaction, event) for event in transaction.events if event.item_id],
        "breakdowns": _breakdowns(transaction, [entry for event in transaction.events for entry in event.entries]),
    }
    if transaction.maturity_s is not None:
        doc["contexts"] = [
            {
                "contextType": "DeferredContext",
                "deferralReason": "DD7",
                "maturityDate": iso(transaction.maturity_s),
            }
        ]
    return doc


def _item(transaction: Transaction, event: Event) -> Doc:
    item: Doc = {
        "description": event.sku,
        "totalAmount": _currency(transaction, event.net),
        "breakdowns": _breakdowns(transaction, event.entries),
        "contexts": [
            {
                "contextType": "ProductContext",
                "sku": event.sku,
                "quantityShipped": int(event.quantity or 0),
                "fulfillmentNetwork": event.fulfillment,
            }
        ],
    }
    if event.adjustment_item_id:
        name = {"itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID"}
        item["relatedIdentifiers"] = [{**name, "itemRelatedIdentifierValue": event.adjustment_item_id}]
    return item


def _currency(transaction: Transaction, minor: int) -> Doc:
    code = transaction.account.place.market.currency
    return {"currencyCode": code, "currencyAmount": Decimal(minor).scaleb(-2)}


def _related(transaction: Transaction) -> list[Doc]:
    first = transaction.events[0]
    names = {
        "ORDER_ID": transaction.order.order_id if transaction.order is not None else "",
        "SHIPMENT_ID": first.shipment_id if transaction.order is not None else "",
        "REFUND_ID": first.adjustment_id if first.transaction_type == "Refund" else "",
        "FINANCIAL_EVENT_GROUP_ID": group_id(transaction.account, transaction.settlement_id),
        "SETTLEMENT_ID": transaction.settlement_id,
    }
    if transaction.maturity_s is not None and transaction.status == DEFERRED_RELEASED:
        names["RELEASE_TRANSACTION_ID"] = transaction.counterpart_id
    if transaction.maturity_s is not None and transaction.status == RELEASED:
        names["DEFERRED_TRANSACTION_ID"] = transaction.counterpart_id
    return [
        {"relatedIdentifierName": name, "relatedIdentifierValue": value} for name, value in names.items() if value
    ]


_PART_NAMES = {"ItemPrice": "Sales", "ItemFees": "Expenses", "ItemWithheldTax": "Tax", "Promotion": "Promotions"}


def _breakdowns(transaction: Transaction, entries: list[Entry] | tuple[Entry, ...]) -> list[Doc]:
    """Amounts by kind, each kind by name; they add up to the whole."""
    kinds: dict[str, dict[str, int]] = {}
    for kind, what, minor, _ in entries:
        names = kinds.setdefault(_PART_NAMES.get(kind, kind), {})
        names[what] = names.get(what, 0) + minor
    return [
        {
            "breakdownType": kind,
            "breakdownAmount": _currency(transaction, sum(names.values())),
            "breakdowns": [
                {"breakdownType": what, "breakdownAmount": _currency(transaction, minor), "breakdowns": []}
                for what, minor in names.items()
            ],
        }
        for kind, names in kinds.items()
    ]
