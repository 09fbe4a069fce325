"""What holds of every order's document, whatever the order, the settings and the books are."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules.order_shapes import orders, settings_of_orders, tax_rules
from tieout.domain.account import Group
from tieout.domain.books_lists import BooksRate, SaleTaxCode
from tieout.domain.draft import as_text, hash_of
from tieout.domain.money import Money
from tieout.domain.order import Order
from tieout.domain.posting_settings import FacilitatorTax, PostingSettings
from tieout.domain.sale import TaxTreatment
from tieout.domain.tax_rule import TaxPayer, TaxRule
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import draft_order
from tieout.rules.order_charges import order_charges, tax_payer
from tieout.rules.sale_items import SaleItems

companies = st.sampled_from(("US", "GB", "DE"))


def _total(order: Order) -> Money:
    total = order.total()
    assert total is not None
    return total


def _amazons_tax(order: Order, settings: PostingSettings) -> Money:
    charges = order_charges(order, SaleItems(settings, load_chart("US")))
    return Money.total((each.tax for each in charges if each.payer is TaxPayer.AMAZON), order.currency)


@given(orders(), settings_of_orders, companies, tax_rules)
@settings(max_examples=150, deadline=None)
def test_the_document_s_total_is_the_order_s_less_what_amazon_pays(
    order: Order, posting: PostingSettings, company: str, rules: tuple[TaxRule, ...]
) -> None:
    sale, findings = draft_order(order, posting, load_chart(company), company_country=company, tax_rules=rules)
    expected = _total(order) - _amazons_tax(order, posting)
    if sale is None:
        assert [each.code for each in findings] == ["order-total-negative"]
        assert expected.minor < 0
        return
    assert sale.total == expected
    assert sale.total == Money.total((each.amount for each in sale.lines), order.currency) + sale.tax


@given(orders(), settings_of_orders)
@settings(max_examples=100, deadline=None)
def test_charges_are_what_the_buyer_owes(order: Order, posting: PostingSettings) -> None:
    charges = order_charges(order, SaleItems(posting, load_chart("US")))
    assert Money.total((each.gross for each in charges), order.currency) == order.total()


@given(orders(), settings_of_orders, companies, tax_rules)
@settings(max_examples=100, deadline=None)
def test_tax_is_never_income_and_never_lost(
    order: Order, posting: PostingSettings, company: str, rules: tuple[TaxRule, ...]
) -> None:
    """The seller's tax stands once, on top or in its own line; Amazon's nets to zero."""
    sale, _ = draft_order(order, posting, load_chart(company), company_country=company, tax_rules=rules)
    assume(sale is not None)
    assert sale is not None
    charges = order_charges(order, SaleItems(posting, load_chart("US")))
    sellers = Money.total((each.tax for each in charges if each.payer is TaxPayer.SELLER), order.currency)
    assert sale.tax + sale.of_group(Group.TAX) == sellers
    assert not sale.of_group(Group.FACILITATOR_TAX)
    if posting.facilitator_tax is FacilitatorTax.LEAVE_OUT:
        assert not any(each.group is Group.FACILITATOR_TAX for each in sale.lines)
    if sale.treatment is TaxTreatment.EXCLUDED:
        assert Money.total((each.tax for each in sale.lines if each.tax), order.currency) == sellers


@given(orders(), settings_of_orders)
@settings(max_examples=50, deadline=None)
def test_the_same_draft_has_the_same_hash_and_another_one_another(order: Order, posting: PostingSettings) -> None:
    sale, _ = draft_order(order, posting, load_chart("US"), company_country="US")
    again, _ = draft_order(order, posting, load_chart("US"), company_country="US")
    assume(sale is not None)
    assert sale is not None
    assert again is not None
    assert hash_of(sale) == hash_of(again)
    assert as_text([sale]).count(sale.total.decimal) >= 1


@given(st.integers(-(10**9), 10**9), st.integers(0, 400_000))
def test_the_net_of_an_amount_with_the_tax_inside_is_within_half_a_unit(minor: int, millionths: int) -> None:
    code = SaleTaxCode("1", "code", (BooksRate("2", millionths),))
    net = code.net_of(Money(minor, "GBP"))
    apart = abs(net.minor * (1_000_000 + millionths) - minor * 1_000_000)
    assert 2 * apart <= 1_000_000 + millionths
    assert (net.minor >= 0) == (minor >= 0) or not net.minor


@given(orders())
def test_who_pays_is_told_or_known(order: Order) -> None:
    assert all(tax_payer(line, order.marketplace) in {TaxPayer.SELLER, TaxPayer.AMAZON} for line in order.lines)
