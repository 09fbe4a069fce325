"""Orders of every shape for property tests: prices, taxes, promotions, who pays, tax inside or beside."""

from hypothesis import strategies as st

from tests.orders.making import order
from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.order import Order, OrderLine
from tieout.domain.posting_settings import FacilitatorTax, ItemPolicy, OrderDocument, PostingSettings
from tieout.domain.tax_rule import TaxPayer, TaxRule

amounts = st.one_of(st.none(), st.just(0), st.integers(0, 5000), st.integers(0, 10**9))


@st.composite
def order_lines(draw: st.DrawFn, currency: str, *, inside: bool) -> OrderLine:
    """A line whose taxes are parts of its prices where tax is inside, and whose promotions lower what there is."""

    def part_of(whole: int | None) -> int | None:
        return None if whole is None else draw(st.one_of(st.none(), st.integers(0, whole)))

    price, shipping, wrap = draw(amounts), draw(amounts), draw(amounts)
    taxes = [part_of(each) if inside else draw(amounts) for each in (price, shipping, wrap)]

    def told(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, currency)

    return OrderLine(
        number=1,
        seller_sku=draw(st.sampled_from(("A", "B", "C", ""))),
        asin="B0",
        title=draw(st.sampled_from(("Mug", "Cap – “blue”", ""))),
        quantity=draw(st.integers(0, 3)),
        status="Shipped",
        item_price=told(price),
        item_tax=told(taxes[0]),
        shipping_price=told(shipping),
        shipping_tax=told(taxes[1]),
        gift_wrap_price=told(wrap),
        gift_wrap_tax=told(taxes[2]),
        item_promotion=told(part_of(price)),
        shipping_promotion=told(part_of(shipping)),
        tax_responsible=draw(st.sampled_from(("", "Seller", "Amazon Services, Inc."))),
        other_charges=told(draw(st.one_of(st.none(), st.integers(0, 500)))),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """An order of a US, British, German or Japanese marketplace."""
    country = draw(st.sampled_from(("US", "GB", "DE", "JP")))
    market = by_country(country)
    assert market is not None
    lines = draw(st.lists(order_lines(market.currency, inside=country != "US"), min_size=1, max_size=5))
    return order(*lines, country=country)


settings_of_orders = st.builds(
    PostingSettings,
    order_document=st.sampled_from((OrderDocument.INVOICE, OrderDocument.SALES_RECEIPT)),
    item_policy=st.sampled_from(ItemPolicy),
    facilitator_tax=st.sampled_from(FacilitatorTax),
)

tax_rules = st.sampled_from(
    ((), (TaxRule("20.0% S"),), (TaxRule("20.0% S", payer=TaxPayer.SELLER), TaxRule("0.0% Z", payer=TaxPayer.AMAZON)))
)
