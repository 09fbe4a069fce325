"""Orders made of a few words, for tests: what a download would give."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine

ORDER_ID = "113-1234567-1234567"


def money(text: str, currency: str = "USD") -> Money:
    return Money.parse(text, currency)


def line(
    sku: str = "MUG-1", price: str = "20.00", *, number: int = 1, currency: str = "USD", **told: str
) -> OrderLine:
    """A line; `told` are amounts by field name, and `quantity`, `tax_responsible`, `title` as they are."""
    plain = {
        "quantity": int(told.pop("quantity", "1")),
        "tax_responsible": told.pop("tax_responsible", ""),
        "tax_collection_model": told.pop("tax_collection_model", ""),
        "title": told.pop("title", f"Title of {sku}"),
        "status": told.pop("status", "Shipped"),
    }
    amounts = {name: money(text, currency) for name, text in told.items()}
    return OrderLine(
        number=1,
        seller_sku=sku,
        asin="B000000001",
        item_price=money(price, currency) if price else None,
        **plain,  # type: ignore[arg-type]
        **amounts,
    )


def order(*lines: OrderLine, country: str = "US", order_id: str = ORDER_ID, **fields: object) -> Order:
    """An order of these lines in a marketplace, bought on 2026-01-15 at 20:00 UTC unless said otherwise."""
    market = by_country(country)
    assert market is not None
    made = Order(
        order_id=order_id,
        merchant_order_id=order_id,
        marketplace=market.country,
        sales_channel=market.name,
        channel=Channel.FBA,
        channel_told="Amazon",
        status="Shipped",
        purchased=datetime(2026, 1, 15, 20, tzinfo=UTC),
        updated=datetime(2026, 1, 16, 20, tzinfo=UTC),
        currency=market.currency,
        lines=numbered(lines),
        prices_include_tax=market.region != "NA",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def numbered(lines: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    return tuple(replace(each, number=number) for number, each in enumerate(lines, start=1))
