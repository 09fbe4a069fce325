"""Rows of the sheets Orders, Errors and Archive, from orders and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tieout.domain.finding import Finding
from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.origin import Cell
from tieout.sheets.port import CellValue, Row

READY, WAITING, HELD = "Ready", "Waiting", "Held"
POSTED, PAID, UNDONE, PUT_AWAY = "Posted", "Paid", "Undone", "Put away"
# What became of a posted order: at Amazon, and in QuickBooks.
CANCELLED_SINCE, CHANGED_AT_AMAZON = "Cancelled since", "Changed at Amazon"
CHANGED_THERE, GONE_THERE = "Changed in QuickBooks", "Gone from QuickBooks"
# The pages of QuickBooks Online that show a document, by its kind.
_PAGES = {"Invoice": "invoice", "SalesReceipt": "salesreceipt"}


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """What settlements paid of an order before fees, and the last settlement that did.

    `price` is that before the tax which Amazon withheld: some documents hold this tax, and are paid with it.
    """

    settlement_id: str
    amount: Money
    price: Money | None = None

    def of(self, total: Money) -> Money:
        """What they paid of a document of a total: as in `rules.match`, one that comes to the price holds the tax."""
        return total if self.price == total else self.amount


@dataclass(frozen=True, slots=True)
class ArchivedDocument:
    """An order's document in QuickBooks, as far as it is known; `day` and `total` None where the sheet keeps them.

    `by` is who posted it, None where the sheet keeps that too; `site` the web app that shows it, empty where none
    does.
    """

    entity: str
    kind: str
    doc_number: str
    quickbooks_id: str
    day: date | None
    total: Money | None
    posted_at: datetime | None
    by: str | None
    site: str


def order_row(order: Order, state: str, why: str, document: str, paid: PaidOrder | None, notes: str) -> Row:
    """Its row on Orders; `document` is the kind that it would become, in words."""
    total = order.total()
    return {
        **_of_order(order),
        "state": state,
        "amazon_status": order.status,
        "ship_date": order.shipped.astimezone(_zone(order)).date() if order.shipped is not None else None,
        "units": sum(line.quantity for line in order.lines),
        "skus": ", ".join(dict.fromkeys(line.seller_sku for line in order.lines if line.seller_sku)),
        "items": _sum(order, (line.item_price for line in order.lines)),
        "shipping": _sum(order, (line.shipping_price for line in order.lines)),
        "gift_wrap": _sum(order, (line.gift_wrap_price for line in order.lines)),
        "promotions": _promotions(order),
        "tax": _sum(
            order,
            (tax for line in order.lines for tax in (line.item_tax, line.shipping_tax, line.gift_wrap_tax)),
        ),
        "total": total,
        "document": document,
        "settlement_id": paid.settlement_id if paid else "",
        "why": why,
        "updated": order.updated,
        "notes": notes,
    }


def error_row(
    order: Order,
    finding: Finding,
    *,
    document: str,
    intuit_tid: str,
    attempts: int,
    tried: datetime,
    notes: str,
) -> Row:
    """Its row on Errors: what happened, what to do, and where."""
    return {
        **_of_order(order),
        "reason": finding.what,
        "to_do": finding.to_do,
        "where": str(finding.where) if isinstance(finding.where, Cell) else "",
        "total": order.total(),
        "document": document,
        "code": finding.code,
        "request_id": intuit_tid,
        "attempts": attempts,
        "tried": tried,
        "notes": notes,
    }


def archive_row(
    order: Order, state: str, document: ArchivedDocument | None, paid: PaidOrder | None, notes: str
) -> Row:
    """Its row on Archive; without a document it is put away, or was taken back out of QuickBooks."""
    row: dict[str, CellValue] = {
        **_of_order(order),
        "state": state,
        "settlement_id": paid.settlement_id if paid else "",
        "notes": notes,
    }
    if document is None:
        row |= {"quickbooks_id": "", "quickbooks_url": "", "settled": None, "open_amount": None}
        if state == PUT_AWAY:
            row |= {"document": "", "doc_number": "", "document_date": None, "total": order.total()}
            row |= {"posted_at": None, "posted_by": ""}
        return row
    row |= {
        "document": document.kind,
        "doc_number": document.doc_number,
        "posted_at": document.posted_at,
        "quickbooks_id": document.quickbooks_id,
        "quickbooks_url": address(document),
    }
    if document.by is not None:
        row["posted_by"] = document.by
    if document.day is not None:
        row["document_date"] = document.day
    if document.total is not None:
        settled = paid.of(document.total) if paid is not None else Money.zero(document.total.currency)
        row |= {"total": document.total, "settled": settled}
        row["open_amount"] = document.total - settled if settled.currency == document.total.currency else None
    return row


def address(document: ArchivedDocument) -> str:
    """The web page of a document; a practice company has none."""
    page = _PAGES.get(document.entity, "")
    if not document.site or not page or not document.quickbooks_id:
        return ""
    return f"{document.site}{page}?txnId={document.quickbooks_id}"


def _of_order(order: Order) -> dict[str, CellValue]:
    return {
        "order_id": order.order_id,
        "marketplace": order.marketplace,
        "channel": order.channel.value,
        "order_date": order.purchased.astimezone(_zone(order)).replace(tzinfo=None),
        "currency": order.currency,
    }


def _zone(order: Order) -> ZoneInfo:
    market = by_country(order.marketplace)
    return ZoneInfo(market.time_zone if market is not None else "UTC")


def _promotions(order: Order) -> Money | None:
    given = _sum(order, (cut for line in order.lines for cut in (line.item_promotion, line.shipping_promotion)))
    return -given if given is not None else None


def _sum(order: Order, amounts: Iterable[Money | None]) -> Money | None:
    """The sum of what Amazon tells; None where it tells no price at all yet."""
    if not order.currency:
        return None
    return Money.total([amount for amount in amounts if amount is not None], order.currency)
