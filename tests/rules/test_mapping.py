"""Which rule decides a line: the user's over the dictionary's, the most specific of each; none where nobody knows."""

import pytest

from tieout.domain.account import Group
from tieout.domain.settlement import Kind
from tieout.rules.charts import load_chart
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping import Mapped, Mapping, Unmapped

CHART = load_chart("US")
LINE = Kind("AmazonFees", "Moon Fee", "Base fee", "Amazon.com")


def rule(words: str, group: Group = Group.OTHER, marketplace: str = "", account: str = "") -> FeeRule:
    return FeeRule(*words.split(" / "), group=group, marketplace=marketplace, account_name=account)


def decided(kind: Kind, *rules: FeeRule, country: str = "US") -> Mapped | Unmapped:
    return Mapping(CHART, FeeRules(rules), FeeRules()).resolve(kind, country)


# From the most specific to the least; each wins over all that follow.
LADDER = (
    rule("AmazonFees / Moon Fee / Base fee", Group.SALES, "US"),
    rule("AmazonFees / Moon Fee / Base fee", Group.SHIPPING),
    rule("AmazonFees / Moon Fee / Base*", Group.GIFT_WRAP, "US"),
    rule("AmazonFees / Moon Fee / Base*", Group.PROMOTIONS),
    rule("AmazonFees / Moon Fee / *", Group.REFUNDS, "US"),
    rule("AmazonFees / Moon Fee / *", Group.TAX),
    rule("AmazonFees / Moon* / Base fee", Group.SELLING_FEES),
    rule("AmazonFees / Moon* / Base*", Group.FBA_FEES),
    rule("AmazonFees / Moon* / *", Group.STORAGE),
    rule("AmazonFees / * / Base fee", Group.INBOUND),
    rule("AmazonFees / * / *", Group.ADVERTISING),
    rule("Amazon* / Moon Fee / Base fee", Group.SUBSCRIPTION),
    rule("* / * / *", Group.SHIPPING_COSTS),
)


@pytest.mark.parametrize("first", range(len(LADDER)))
def test_the_most_specific_rule_wins(first: int) -> None:
    found = decided(LINE, *reversed(LADDER[first:]))
    assert isinstance(found, Mapped)
    assert found.rule is LADDER[first]


@pytest.mark.parametrize("words", ["Moon* / Base fee", "*Fee / Base fee", "Moon*e / Base fee"])
def test_two_rules_equally_specific_are_an_error_that_names_both(words: str) -> None:
    one = rule("AmazonFees / Moon F* / Base fee", Group.SALES)
    other = rule(f"AmazonFees / {words}", Group.STORAGE)
    found = decided(LINE, one, other)
    assert isinstance(found, Unmapped)
    assert found.conflict == (one, other)
    assert str(one) in found.reason
    assert str(other) in found.reason


def test_two_rules_that_decide_the_same_are_no_conflict() -> None:
    one, other = rule("AmazonFees / Moon* / Base fee"), rule("AmazonFees / *Fee / Base fee")
    assert isinstance(decided(LINE, one, other), Mapped)


def test_a_users_rule_wins_over_the_dictionary_even_if_it_is_wider() -> None:
    narrow = rule("AmazonFees / Moon Fee / Base fee", Group.SALES)
    wide = rule("AmazonFees / * / *", Group.STORAGE)
    found = Mapping(CHART, FeeRules([wide]), FeeRules([narrow])).resolve(LINE, "US")
    assert isinstance(found, Mapped)
    assert found.rule is wide


@pytest.mark.parametrize(
    ("marketplace", "line_names", "country", "fits"),
    [
        ("US", "Amazon.com", "US", True),
        ("us", "amazon.com", "US", True),
        ("Amazon.com", "", "US", True),
        ("US", "", "CA", False),
        ("UK", "Amazon.co.uk", "GB", True),
        ("GB", "", "GB", True),
        ("DE", "Amazon.fr", "DE", False),
        ("FR", "Amazon.fr", "DE", True),
        ("Non-Amazon US", "Non-Amazon US", "US", True),
        ("US", "Non-Amazon US", "US", True),
        ("Non-Amazon US", "Amazon.com", "US", False),
        ("*", "Amazon.pl", "PL", True),
    ],
)
def test_a_rules_marketplace(marketplace: str, line_names: str, country: str, fits: bool) -> None:
    line = Kind("AmazonFees", "Moon Fee", "Base fee", line_names)
    found = decided(line, rule("AmazonFees / Moon Fee / Base fee", marketplace=marketplace), country=country)
    assert isinstance(found, Mapped) == fits


@pytest.mark.parametrize(
    ("seen", "known"),
    [
        ("Other-Transaction / other-transaction / SUBSCRIPTION FEE", Group.SUBSCRIPTION),
        ("other-transaction / other-transaction / subscription  fee ", Group.SUBSCRIPTION),
        ("otherTransaction / other transaction / SubscriptionFee", Group.SUBSCRIPTION),
        ("AmazonFees / Subscription Fee / Base fee", Group.SUBSCRIPTION),
        ("AmazonFees / Subscription Fee / Tax on fee", Group.SUBSCRIPTION),
        ("FBAFees / Subscription Fee / Discount on Fee", Group.SUBSCRIPTION),
        ("other-transaction / other-transaction / Vine Enrollment Fee", Group.ADVERTISING),
        ("FBAFees / FBA Inventory Storage Fee / Discount on fee", Group.STORAGE),
        ("AmazonFees / FBA Inventory Storage Fee / Base fee", Group.STORAGE),
        ("other-transaction / other-transaction / FBA Inventory Storage Fee", Group.STORAGE),
        ("FBAFees / FBA long-term storage fee / base fee", Group.STORAGE),
        ("AmazonFees / FBA fulfillment fee per unit - Correction / Base fee", Group.FBA_FEES),
        ("other-transaction / other-transaction / Subscription Fee - Correction", Group.SUBSCRIPTION),
        ("FBAFees / FBA Inbound Placement Service Fee - Reversal / Tax on fee", Group.INBOUND),
        ("Order / ItemWithheldTax / MarketplaceFacilitatorTax-Newfangled", Group.FACILITATOR_TAX),
        ("order / itemfees / digital services fee", Group.SELLING_FEES),
        ("other-transaction / FBA Inventory Reimbursement / A_REASON_OF_TOMORROW", Group.REIMBURSEMENTS),
        ("other-transaction / other-transaction / Transfer of funds unsuccessful: bank closed", Group.TRANSFERS),
        ("Debt Adjustment / Debt Adjustment / Cross-Account Debt Adjustment for SE, PL", Group.TRANSFERS),
        ("CouponRedemptionFee / CouponRedemptionFee / Save 5% at Christmas", Group.ADVERTISING),
    ],
)
def test_a_new_form_of_a_known_thing_is_recognised(seen: str, known: Group) -> None:
    found = Mapping(CHART).resolve(Kind(*seen.split(" / ")), "US")
    assert isinstance(found, Mapped), found
    assert found.group is known


@pytest.mark.parametrize(
    ("seen", "suggested"),
    [
        ("other-transaction / other-transaction / Harbour Handling Surcharge", Group.OTHER),
        ("other-transaction / other-transaction / Storage of Pianos", Group.STORAGE),
        ("FBAFees / Quantum Storage Fee / Base fee", Group.STORAGE),
        ("AmazonFees / Long Term Storage of Pianos / Base fee", Group.STORAGE),
        ("AmazonFees / Reimbursement Handling / Base fee", Group.REIMBURSEMENTS),
        ("Order / ItemFees / MoonlightFee", Group.SELLING_FEES),
        ("Order / ItemPrice / MoonlightCharge", Group.SALES),
        ("Order / ItemWithheldTax / MoonTax", Group.TAX),
        ("Order / Commission / ItemFees", Group.SELLING_FEES),
        ("Order / ItemFees / Subscription Fee", Group.SUBSCRIPTION),
        ("Orders / ItemFees / Commission", Group.SELLING_FEES),
        (" /  / ", Group.OTHER),
    ],
)
def test_an_unknown_kind_is_unmapped_with_a_suggestion_and_its_reason(seen: str, suggested: Group) -> None:
    found = Mapping(CHART).resolve(Kind(*seen.split(" / ")), "US")
    assert isinstance(found, Unmapped), found
    assert found.conflict == ()
    assert found.suggested_group in (suggested, Group.FACILITATOR_TAX)
    assert found.reason.endswith(".")


def test_a_suggestion_names_the_words_and_the_kind_it_is_drawn_from() -> None:
    found = Mapping(CHART).resolve(Kind("FBAFees", "Long Term Storage of Pianos", "Base fee"), "US")
    assert isinstance(found, Unmapped)
    assert '"long", "storage", "term"' in found.reason
    assert "FBA Long Term Storage Fee" in found.reason


def test_the_users_own_rules_are_suggested_from_too() -> None:
    own = FeeRules([rule("AmazonFees / Pianoforte Handling / Base fee", Group.INBOUND)])
    found = Mapping(CHART, own).resolve(Kind("AmazonFees", "Pianoforte Insurance", "Base fee"), "US")
    assert isinstance(found, Unmapped)
    assert found.suggested_group is Group.INBOUND


@pytest.mark.parametrize("account", ["Amazon Sales", "amazon other fees"])
def test_money_moved_cannot_be_sent_to_profit_and_loss(account: str) -> None:
    wide = rule("other-transaction / other-transaction / *", Group.OTHER, account=account)
    mapping = Mapping(CHART, FeeRules([wide]))
    reserve = mapping.resolve(Kind("other-transaction", "other-transaction", "Current Reserve Amount"), "US")
    assert isinstance(reserve, Unmapped)
    assert reserve.suggested_group is Group.RESERVE
    assert "balance sheet" in reserve.reason
    fee = mapping.resolve(Kind("other-transaction", "other-transaction", "Storage Fee"), "US")
    assert isinstance(fee, Mapped)
    assert fee.rule is wide


def test_money_moved_can_be_sent_to_another_balance_sheet_account() -> None:
    own = rule(
        "other-transaction / other-transaction / Current Reserve Amount", Group.RESERVE, account="Amazon Deferred"
    )
    found = Mapping(CHART, FeeRules([own])).resolve(
        Kind("other-transaction", "other-transaction", "Current Reserve Amount"), "US"
    )
    assert isinstance(found, Mapped)
    account = found.account(CHART)
    assert account is not None
    assert account.name == "Amazon Deferred"
