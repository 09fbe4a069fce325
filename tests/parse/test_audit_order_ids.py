"""Order ids with blanks around them, and of blanks alone: what rule 8 puts together must not hang on a blank."""

from tests.parse.making import File, good, line, summary
from tieout.domain.settlement import Kind

TAX = ("Order", "ItemPrice", "Tax")
WITHHELD = ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal")


def _kind(words: tuple[str, str, str]) -> Kind:
    return Kind(*words, "Amazon.com")


def test_a_blank_more_does_not_part_an_order() -> None:
    settlement = good(
        File(
            [
                summary("49.90"),
                line("49.90"),
                line("3.49", TAX, order_id="111-1111111-1111111 "),
                line("-3.49", WITHHELD, order_id="\u00a0111-1111111-1111111"),
            ]
        )
    )
    lines = settlement.lines
    (order,) = lines.order_sums(frozenset({_kind(TAX), _kind(WITHHELD)}))
    assert (order.order_id, order.amount.minor, order.rows) == ("111-1111111-1111111", 0, 2)
    orders = lines.orders_with(frozenset({_kind(WITHHELD)}))
    assert [s.facilitated for s in lines.sums(orders, frozenset({_kind(TAX)}))] == [False, True, False]
    assert {each.order_id for each in lines.lines()} == {"111-1111111-1111111"}


def test_blanks_alone_are_no_order() -> None:
    settlement = good(
        File(
            [
                summary("51.00"),
                line("50.00"),
                line("4.49", TAX, order_id="  "),
                line("-3.49", WITHHELD, order_id="  "),
            ]
        )
    )
    assert settlement.lines.orders_with(frozenset({_kind(WITHHELD)})) == frozenset()
    assert [each.order_id for each in settlement.lines.lines()] == ["111-1111111-1111111", "", ""]
