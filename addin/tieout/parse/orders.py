"""Amazon's all-orders report into orders: one row an order line, without a line number.

Source: Amazon, "Order report attributes" (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL and its twin by
order date). Order and SKU may repeat: identical rows are lines of their own. Prices are for the whole quantity, and
blank while an order is pending or when it is cancelled; a price of zero is a price.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.order import Order, OrderLine
from tieout.parse.flat_report import FlatReport, capped, open_report
from tieout.parse.order_fields import (
    FieldReader,
    Unusable,
    channel_of,
    has_tax_inside,
    is_yes,
    marketplace_of,
    whole_number,
)

ORDER_COLUMNS = (
    *("amazon-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel"),
    *("sales-channel", "sku", "quantity", "currency", "item-price"),
)
_AMOUNTS: Mapping[str, str] = {
    "item_price": "item-price",
    "item_tax": "item-tax",
    "shipping_price": "shipping-price",
    "shipping_tax": "shipping-tax",
    "gift_wrap_price": "gift-wrap-price",
    "gift_wrap_tax": "gift-wrap-tax",
    "item_promotion": "item-promotion-discount",
    "shipping_promotion": "ship-promotion-discount",
}
_TEXTS: Mapping[str, str] = {
    "seller_sku": "sku",
    "asin": "asin",
    "title": "product-name",
    "status": "item-status",
    "tax_collection_model": "tax-collection-model",
    "tax_responsible": "tax-collection-responsible-party",
    "promotion_ids": "promotion-ids",
}
_ORDER_ID_CHARACTERS_MAX = 40


@dataclass(frozen=True, slots=True)
class ReadOrders:
    """The orders that could be read whole, in the order of their first row, and what a person should know.

    `until` is the aware moment up to which Amazon says they are told, where it says one; `more`: whether another
    page follows.
    """

    orders: tuple[Order, ...]
    findings: tuple[Finding, ...]
    until: datetime | None = None
    more: bool = False


def read_orders(document: Document) -> ReadOrders:
    """The orders in a report. An order with a row that can't be read is left out whole, and said.

    An order of a sales channel that is not known is kept, without a marketplace.
    """
    report = open_report(document, "an order report", ORDER_COLUMNS)
    if isinstance(report, Finding):
        return ReadOrders((), (report,))
    reading = _Reading(report)
    for row, fields in report.rows():
        reading.take(row, fields)
    return ReadOrders(reading.orders(), capped(reading.findings, report))


@dataclass(slots=True)
class _Gathered:
    """The rows of one order: its first row's number, the newest row's fields, and every row with its number."""

    first_row: int
    fields: list[str]
    updated: datetime
    rows: list[tuple[int, list[str]]]


@dataclass(slots=True)
class _Reading:
    report: FlatReport
    findings: list[Finding] = field(default_factory=list)
    _gathered: dict[str, _Gathered] = field(default_factory=dict)
    _left_out: set[str] = field(default_factory=set)
    _reader: FieldReader = field(default_factory=FieldReader)
    _places: dict[str, int] = field(default_factory=dict)
    _text_places: list[tuple[str, int]] = field(default_factory=list)
    _amount_places: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._text_places = [(name, self.report.place(column)) for name, column in _TEXTS.items()]
        self._amount_places = [(name, column, self.report.place(column)) for name, column in _AMOUNTS.items()]

    def take(self, row: int, fields: list[str]) -> None:
        """One row, gathered with the others of its order."""
        order_id = self._of(fields, "amazon-order-id")
        try:
            if not order_id or len(order_id) > _ORDER_ID_CHARACTERS_MAX:
                raise Unusable("amazon-order-id", f"amazon-order-id is {order_id!r}, which is no order's id")
            updated = self._reader.moment(self._of(fields, "last-updated-date"), "last-updated-date")
        except Unusable as unusable:
            self._leave_out(order_id, row, unusable)
            return
        gathered = self._gathered.get(order_id)
        if gathered is None:
            self._gathered[order_id] = _Gathered(row, fields, updated, [(row, fields)])
            return
        gathered.rows.append((row, fields))
        if updated > gathered.updated:
            gathered.fields, gathered.updated = fields, updated

    def orders(self) -> tuple[Order, ...]:
        """The orders, of all rows taken."""
        made = []
        for order_id, gathered in self._gathered.items():
            if order_id in self._left_out:
                continue
            row = gathered.first_row
            try:
                currency = self._currency(gathered)
                lines = []
                for number, (row, fields) in enumerate(gathered.rows, 1):  # noqa: B007 - named if it can't be read
                    lines.append(self._line(number, fields, currency))
                row = gathered.first_row
                made.append(self._order(order_id, gathered, currency, tuple(lines)))
            except Unusable as unusable:
                self._leave_out(order_id, row, unusable)
        return tuple(made)

    def _order(self, order_id: str, gathered: _Gathered, currency: str, lines: tuple[OrderLine, ...]) -> Order:
        fields = gathered.fields
        sales_channel = self._of(fields, "sales-channel")
        marketplace = marketplace_of(sales_channel)
        if marketplace is None:
            self.findings.append(self._unknown_channel(order_id, gathered.first_row, sales_channel))
        country = marketplace.country if marketplace else ""
        told = self._of(fields, "fulfillment-channel")
        return Order(
            order_id=order_id,
            merchant_order_id=self._of(fields, "merchant-order-id"),
            marketplace=country,
            sales_channel=sales_channel,
            channel=channel_of(told),
            channel_told=told,
            status=self._of(fields, "order-status"),
            purchased=self._reader.moment(self._of(fields, "purchase-date"), "purchase-date"),
            updated=gathered.updated,
            currency=currency,
            lines=lines,
            ship_country=self._of(fields, "ship-country"),
            ship_region=self._of(fields, "ship-state"),
            is_business=is_yes(self._of(fields, "is-business-order")),
            is_replacement=is_yes(self._of(fields, "is-replacement-order")),
            origin=self.report.at(gathered.first_row),
            prices_include_tax=has_tax_inside(country),
        )

    def _line(self, number: int, fields: list[str], currency: str) -> OrderLine:
        amounts = {
            name: self._reader.amount(fields[place], currency, column)
            for name, column, place in self._amount_places
            if fields[place]
        }
        texts = {name: fields[place] for name, place in self._text_places}
        quantity = whole_number(self._of(fields, "quantity"), "quantity")
        return OrderLine(number=number, quantity=quantity, **texts, **amounts)  # type: ignore[arg-type]

    def _currency(self, gathered: _Gathered) -> str:
        told = dict.fromkeys(filter(None, (self._of(fields, "currency") for _, fields in gathered.rows)))
        if len(told) > 1:
            raise Unusable("currency", f"its rows are in {' and '.join(islice(told, 2))}")
        return next(iter(told), "")

    def _of(self, fields: list[str], name: str) -> str:
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = self.report.place(name)
        return fields[place]

    def _leave_out(self, order_id: str, row: int, unusable: Unusable) -> None:
        self._left_out.add(order_id)
        self.findings.append(
            Finding(
                code="order-row-unreadable",
                severity=Severity.BLOCKED,
                what=f"Order {order_id or 'without an id'} can't be read: {unusable.what}. It was left out whole.",
                to_do="Download the report again; if the row is so at Amazon, tell us: the others are not affected.",
                where=self.report.at(row),
                subject=order_id,
                column=unusable.column,
            )
        )

    def _unknown_channel(self, order_id: str, row: int, sales_channel: str) -> Finding:
        return Finding(
            code="order-marketplace-unknown",
            severity=Severity.BLOCKED,
            what=f"Order {order_id} came through {sales_channel!r}, which is no marketplace that is known here.",
            to_do="It is kept and shown, and does not post. Update Tieout, or post it by hand.",
            where=self.report.at(row),
            subject=order_id,
            column="sales-channel",
        )
