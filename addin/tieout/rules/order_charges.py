"""An order in charges: goods, shipping, gift wrap and promotions, each with the tax that Amazon tells beside it.

Order reports outside North America have the tax inside the prices (`Order.prices_include_tax`); it is taken out
here by what Amazon itself tells. A promotion in such a report has its tax inside too, and Amazon does not tell it: it
is the promotion's share by the tax and price that it lowers, so that price and tax together stay exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.domain.order import Order, OrderLine
from tieout.domain.sale import SaleItem
from tieout.domain.tax_rule import TaxPayer
from tieout.rules.sale_items import SaleItems
from tieout.rules.spelling import folded

# Every state of the US that has a sales tax lets marketplaces collect it, and Canada's provinces mostly do: where
# Amazon does not say who pays, it does there. Elsewhere the tax is the seller's until a settlement shows that Amazon
# withheld it.
_AMAZON_PAYS_IN = frozenset({"US", "CA"})


@dataclass(frozen=True, slots=True)
class Charge:
    """Money charged to a buyer (negative: given): `net` of the tax that is told beside it, who pays that tax.

    `class_name` is a class of its own, where a fee mapping names one.
    """

    group: Group
    item: SaleItem
    description: str
    net: Money
    tax: Money
    payer: TaxPayer
    quantity: int = 0
    class_name: str = ""

    @property
    def gross(self) -> Money:
        """With its tax."""
        return self.net + self.tax


def tax_payer(line: OrderLine, marketplace: str) -> TaxPayer:
    """Who pays the tax of an order line, by Amazon's word, else by marketplace."""
    told = folded(line.tax_responsible)
    if "amazon" in told or folded(line.tax_collection_model) == "marketplacefacilitator":
        return TaxPayer.AMAZON
    if told:
        return TaxPayer.SELLER
    return TaxPayer.AMAZON if marketplace in _AMAZON_PAYS_IN else TaxPayer.SELLER


def order_charges(order: Order, items: SaleItems) -> tuple[Charge, ...]:
    """The charges of a priced order: goods line by line, the rest once for all lines; MissingRole.

    They add up to what the buyer owes. A line without a quantity and without money (cancelled) has none; goods of
    price zero have one.
    """
    goods: list[Charge] = []
    others: dict[tuple[Group, str, TaxPayer], Charge] = {}
    for line in order.lines:
        for charge in _of_line(order, line, items):
            if charge.quantity or charge.item.by_sku:
                goods.append(charge)
                continue
            key = (charge.group, charge.description, charge.payer)
            known = others.get(key)
            others[key] = charge if known is None else _joined(known, charge)
    return (*goods, *(charge for charge in others.values() if charge.net or charge.tax))


def _of_line(order: Order, line: OrderLine, items: SaleItems) -> Iterator[Charge]:
    payer = tax_payer(line, order.marketplace)
    goods, goods_off = _parts(order, line.item_price, line.item_tax, line.item_promotion)
    shipping, shipping_off = _parts(order, line.shipping_price, line.shipping_tax, line.shipping_promotion)
    wrap, _ = _parts(order, line.gift_wrap_price, line.gift_wrap_tax, None)
    if line.quantity or any(goods):
        item = items.goods(line)
        yield Charge(Group.SALES, item, line.title or line.seller_sku or "Goods", *goods, payer, line.quantity)
    for group, role, name, (net, tax) in (
        (Group.SHIPPING, "shipping_income", "Shipping", shipping),
        (Group.GIFT_WRAP, "gift_wrap_income", "Gift wrap", wrap),
        (Group.PROMOTIONS, "promotions", "Promotions on goods", goods_off),
        (Group.PROMOTIONS, "promotions", "Promotions on shipping", shipping_off),
    ):
        if net or tax:
            yield Charge(group, items.of_role(role), name, net, tax, payer)
    if line.other_charges:
        nothing = Money.zero(order.currency)
        yield Charge(Group.SALES, items.any_goods(), "Other charges", line.other_charges, nothing, payer)


def _parts(
    order: Order, price: Money | None, tax: Money | None, promotion: Money | None
) -> tuple[tuple[Money, Money], tuple[Money, Money]]:
    """Net and tax of a price, and of the promotion on it (negative)."""
    nothing = Money.zero(order.currency)
    price, tax, promotion = price or nothing, tax or nothing, promotion or nothing
    if not order.prices_include_tax:
        return (price, tax), (-promotion, nothing)
    net = price - tax
    inside = nothing
    if promotion and tax.minor > 0 and net.minor >= 0:
        _, inside = promotion.split((net.minor, tax.minor))
    return (net, tax), (inside - promotion, -inside)


def _joined(one: Charge, other: Charge) -> Charge:
    return Charge(one.group, one.item, one.description, one.net + other.net, one.tax + other.tax, one.payer)
