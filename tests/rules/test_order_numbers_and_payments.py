"""Numbers of a settlement's documents, the pieces of its payments, and revenue once between the methods."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import DAY, order_rows
from tieout.domain.money import Money
from tieout.domain.payment import BillPayment, Payment, Settles, Transfer
from tieout.domain.posting_settings import PostingSettings
from tieout.domain.sale import SaleKind
from tieout.rules.charts import load_chart
from tieout.rules.mapping import Mapping
from tieout.rules.payments import payments_of, refund_kinds
from tieout.rules.revenue_once import orders_in_summary, recorded_already
from tieout.rules.settled_orders import Settled
from tieout.rules.settlement_numbers import Letter, NoNumberLeft, settlement_number

USABLE = re.compile(r"[A-Z0-9-]{1,21}\Z")


@pytest.mark.parametrize(
    ("settlement_id", "number", "told"),
    [
        ("24288684721", 1, "AMZ-24288684721-1P"),
        ("24288684721", 9999, "AMZ-24288684721-9999P"),
        ("123456789012345", 1, "AMZ-H"),
        ("24288_x", 1, "AMZ-H"),
    ],
)
def test_numbers(settlement_id: str, number: int, told: str) -> None:
    made = settlement_number("AMZ-", settlement_id, number, Letter.PAYMENT)
    assert made.startswith(told)
    assert made.endswith(f"-{number}P")
    assert USABLE.match(made)


@given(st.text("0123456789", min_size=1, max_size=25), st.integers(1, 9999), st.sampled_from(Letter))
@settings(max_examples=80, deadline=None)
def test_every_number_is_usable(settlement_id: str, number: int, letter: Letter) -> None:
    assert USABLE.match(settlement_number("AMZ-", settlement_id, number, letter))
    assert settlement_number("AMZ-", settlement_id, number, letter) == settlement_number(
        "AMZ-", settlement_id, number, letter
    )


def test_where_no_number_is_left_it_is_said() -> None:
    with pytest.raises(NoNumberLeft):
        settlement_number("AMZ-", "24288684721", 10**6, Letter.REFUND)


def _refund(number: int, minor: int) -> Settled:
    money = Money(-minor, "USD")
    return Settled(str(number), (), money, Money(0, "USD"), Money(0, "USD"), DAY, 3, 1)


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=12),
    st.lists(st.integers(1, 2500), max_size=12),
)
@settings(max_examples=80, deadline=None)
def test_credit_memos_never_exceed_what_uses_them_up(invoices: list[int], refunds: list[int]) -> None:
    paid = {"A": [Settles("Invoice", str(number), Money(minor, "USD")) for number, minor in enumerate(invoices)]}
    asked = [(_refund(number, minor), "A") for number, minor in enumerate(refunds)]
    kinds = refund_kinds(asked, paid, SaleKind.CREDIT_MEMO, "USD")
    used = sum(minor for minor, kind in zip(refunds, kinds, strict=True) if kind is SaleKind.CREDIT_MEMO)
    assert used <= sum(invoices)
    made = [minor for minor, kind in zip(refunds, kinds, strict=True) if kind is SaleKind.REFUND_RECEIPT]
    assert all(minor > sum(invoices) - used for minor in made)  # none of them would have been used up


def test_no_invoice_no_payment() -> None:
    assert payments_of(settlement([Row(DAY, ("a", "b", "c"), 1)]), PostingSettings(), "C", {}, ()) == ()


def test_payments_and_transfers_go_forwards() -> None:
    one = Money(1, "USD")
    with pytest.raises(ValueError, match="never negative"):
        Payment("P", DAY, "USD", "A", "C", "", (Settles("CreditMemo", "1", one),), "1")
    with pytest.raises(ValueError, match="forwards"):
        Transfer("T", DAY, "USD", "A", "B", Money(0, "USD"), "", "1")
    assert BillPayment("V", DAY, "USD", "A", "C", "", (Settles("Bill", "1", one),), "1").total == one


def test_the_orders_of_a_summary_and_those_that_stand_already() -> None:
    rows = [
        *order_rows("1", 2000),
        *order_rows("2", 500, tax=40, withheld=-40),
        *order_rows("3", -500, occasion="Refund"),
        *order_rows("S01-1", 0, fee=-300),
        Row(DAY, ("Order", "ItemPrice", "Principal"), 0, "4", "Amazon.com"),
    ]
    given_settlement = settlement(rows, end=date(2026, 1, 26))
    mapping = Mapping(load_chart("US"))
    assert orders_in_summary(given_settlement, mapping) == {"1", "2"}
    assert recorded_already(given_settlement, mapping, {"3"}) == ()
    (finding,) = recorded_already(given_settlement, mapping, {"1", "2"})
    assert (finding.code, finding.stops) == ("orders-recorded-already", True)
    assert "1, 2" in finding.what
    assert "1 order of" in recorded_already(given_settlement, mapping, {"1"})[0].what
