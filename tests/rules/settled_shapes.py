"""Settlements by orders, for tests: rows of orders and refunds, documents of orders, and what clearing gets."""

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from tests.rules.in_memory import Row, settlement
from tests.rules.shapes import known_rows
from tieout.domain.account import Group
from tieout.domain.draft import Draft
from tieout.domain.expense import Expense, ExpenseKind
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Transfer
from tieout.domain.posting_settings import (
    FacilitatorTax,
    FeeDocument,
    PostingSettings,
    RefundDocument,
    YesNo,
)
from tieout.domain.sale import Sale, SaleKind
from tieout.domain.settings import Detail, NegativeTotal
from tieout.domain.settlement import Settlement
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement_orders import OrdersContext, OrdersDraft, draft_settlement_orders
from tieout.rules.mapping import Mapping
from tieout.rules.match import OrderDecision, OrdersKnown, PostedOrder, Undocumented

CLEARING = "Amazon Clearing"
DAY = date(2026, 1, 20)
_FEE = ("Order", "ItemFees", "Commission")


def order_rows(
    order_id: str,
    price: int,
    *,
    day: date = DAY,
    shipping: int = 0,
    tax: int = 0,
    withheld: int = 0,
    promotion: int = 0,
    fee: int = 0,
    occasion: str = "Order",
    site: str = "Amazon.com",
) -> list[Row]:
    """The rows of an order (or, negative, of its refund); `withheld` and `promotion` as the file signs them."""
    amounts = (
        (("ItemPrice", "Principal"), price),
        (("ItemPrice", "Shipping"), shipping),
        (("ItemPrice", "Tax"), tax),
        (("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"), withheld),
        (("Promotion", "Principal"), promotion),
        (("ItemFees", "Commission"), fee),
    )
    return [Row(day, (occasion, *words), minor, order_id, site) for words, minor in amounts if minor]


def document(
    order_id: str, total: int, *, entity: str = "Invoice", tax: int = 0, paid: int = 0, currency: str = "USD"
) -> PostedOrder:
    """A document of an order that stands in the books."""
    return PostedOrder(
        order_id,
        entity,
        order_id,
        "Amazon US",
        Money(total, currency),
        Money(tax, currency),
        tax_on_return=False,
        paid=Money(paid, currency),
    )


def drafted(
    given: Settlement,
    posted: Sequence[PostedOrder] = (),
    decisions: dict[str, OrderDecision] | None = None,
    settings: PostingSettings | None = None,
    *,
    company: str = "US",
    home: str = "USD",
    currencies: dict[str, str] | None = None,
    undocumented: dict[str, Undocumented] | None = None,
    **more: bool,
) -> OrdersDraft:
    """A settlement drafted with the default chart and mapping of the books' country."""
    chart = load_chart(company)
    known = OrdersKnown({each.order_id: each for each in posted}, undocumented or {}, decisions or {}, **more)
    context = OrdersContext(company, home, known, (), currencies or {})
    return draft_settlement_orders(given, Mapping(chart), chart, settings or PostingSettings(), context)


def clearing_effect(documents: Sequence[Draft]) -> int:
    """What documents move on clearing, in minor units; lines of settlement rows that are on clearing left out."""
    effect = 0
    for each in documents:
        if isinstance(each, Payment):
            effect += each.total.minor
        elif (
            (isinstance(each, Sale) and each.kind is SaleKind.REFUND_RECEIPT)
            or isinstance(each, BillPayment)
            or (isinstance(each, Expense) and each.kind is not ExpenseKind.BILL)
        ):
            effect -= each.total.minor
        elif isinstance(each, Transfer):
            effect += each.total.minor if each.to_account == CLEARING else -each.total.minor
        elif isinstance(each, Journal):
            effect += sum(line.signed_minor for line in each.lines if line.group is Group.CLEARING)
    return effect


settings_of_settlements = st.builds(
    PostingSettings,
    refund_document=st.sampled_from(RefundDocument),
    fee_document=st.sampled_from(FeeDocument),
    detail=st.sampled_from(Detail),
    transfer=st.sampled_from(YesNo),
    negative_total=st.sampled_from(NegativeTotal),
    facilitator_tax=st.sampled_from(FacilitatorTax),
)


@st.composite
def settled_worlds(
    draw: st.DrawFn,
) -> tuple[Settlement, list[PostedOrder], dict[str, OrderDecision]]:
    """A settlement of orders and refunds among rows of every known kind, what is posted of them, what was decided."""
    rows = [row for some in draw(st.lists(known_rows(), max_size=8)) for row in some]
    rows = [row for row in rows if not row.order_id]
    posted: list[PostedOrder] = []
    decisions: dict[str, OrderDecision] = {}
    for number in range(draw(st.integers(0, 5))):
        order_id = f"111-{number:07d}-0000001"
        price, shipping, tax = (draw(st.integers(0, 5000)) for _ in range(3))
        promotion = -draw(st.integers(0, price // 2))
        withheld = -tax if draw(st.booleans()) else 0
        day = draw(st.dates(date(2024, 12, 20), date(2025, 1, 10)))
        rows += order_rows(
            order_id,
            price,
            day=day,
            shipping=shipping,
            tax=tax,
            withheld=withheld,
            promotion=promotion,
            fee=-draw(st.integers(0, 900)),
        )
        gross = price + shipping + tax + promotion
        case = draw(st.sampled_from(("net", "gross", "more", "less", "none", "ignored", "receipt")))
        entity = "SalesReceipt" if case == "receipt" else "Invoice"
        if case in {"none", "ignored"}:
            decisions[order_id] = OrderDecision.SUMMARY if case == "none" else OrderDecision.IGNORE
        elif case == "gross":
            posted.append(document(order_id, gross, tax=tax))
        else:
            apart = {"more": 100, "less": -min(100, gross + withheld)}.get(case, 0)
            posted.append(document(order_id, gross + withheld + apart, entity=entity))
            if apart:
                decisions[order_id] = OrderDecision.ACCEPT
    for number in range(draw(st.integers(0, 3))):
        tax = draw(st.integers(0, 300))
        rows += order_rows(
            f"111-{number:07d}-0000001",
            -draw(st.integers(0, 3000)),
            day=draw(st.dates(date(2024, 12, 20), date(2025, 1, 10))),
            tax=-tax,
            withheld=tax if draw(st.booleans()) else 0,
            fee=draw(st.integers(0, 500)),
            occasion="Refund",
        )
    given = settlement(
        draw(st.permutations(rows)), start=date(2024, 12, 20), end=date(2025, 1, 12), deposit=date(2025, 1, 14)
    )
    return given, posted, decisions
