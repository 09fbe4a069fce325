"""The posting settings: one model, held to the sheet's text, checked before any of it is used."""

from datetime import date
from enum import StrEnum

import pytest

from tieout.domain.origin import Cell
from tieout.domain.posting_settings import (
    ACCOUNT_ROLES,
    CustomerPolicy,
    MarketplacePosting,
    OrderDocument,
    PostingSettings,
    RefundDocument,
)
from tieout.domain.sale import SaleKind
from tieout.domain.settings import Detail, Method, SettlementSettings
from tieout.rules.posting_settings import (
    ORDER_PREFIX_CHARACTERS_MAX,
    SETTING_KEYS,
    SETTLEMENT_PREFIX_CHARACTERS_MAX,
    default_settings,
    posting_settings,
)
from tieout.sheets.layout import load_layout

LAYOUT = load_layout()
# What the sheet has beside posting: the book itself, the accounts, and prices and quantities.
_OTHERS = {"This book", "Accounts", "Prices and quantities"}
_FIXED = {"unmapped", "tax_amounts"}  # shown, with one allowed value each, and nothing to decide


def test_the_model_has_exactly_the_sheet_s_keys() -> None:
    sheet = {row.key for row in LAYOUT.settings if row.section not in _OTHERS} - _FIXED
    assert set(SETTING_KEYS) == sheet
    assert all(len(LAYOUT.setting(key).options) == 1 for key in _FIXED)


@pytest.mark.parametrize("key", SETTING_KEYS)
def test_allowed_values_are_the_sheet_s(key: str) -> None:
    row = LAYOUT.setting(key)
    kind = type(getattr(PostingSettings(), key))
    allowed = [each.value for each in kind] if issubclass(kind, StrEnum) else []
    assert sorted(allowed) == sorted(option.value for option in row.options)


@pytest.mark.parametrize("country", ["US", "CA", "MX", "GB", "DE", "FR", "PL"])
@pytest.mark.parametrize("key", SETTING_KEYS)
def test_defaults_are_the_sheet_s(key: str, country: str) -> None:
    told = LAYOUT.setting(key).default(country)
    value = getattr(default_settings(country), key)
    assert ("" if value is None else str(value)) == told


def test_accounts_play_the_sheet_s_roles() -> None:
    assert {row.key: row.role for row in LAYOUT.settings if row.role} == dict(ACCOUNT_ROLES)


def test_prefixes_are_as_long_as_the_sheet_allows() -> None:
    assert LAYOUT.setting("order_prefix").longest == ORDER_PREFIX_CHARACTERS_MAX
    assert LAYOUT.setting("settlement_prefix").longest == SETTLEMENT_PREFIX_CHARACTERS_MAX


def test_values_are_taken_and_the_rest_are_defaults() -> None:
    settings, findings = posting_settings(
        {
            "method": "summary",
            "refund_document": "journalentry",
            "start_date": "2026-01-31",
            "customer": " Buyers ",
            "detail": "",
            "buffer": "3",
        },
        "US",
    )
    assert findings == ()
    assert settings == PostingSettings(
        method=Method.SUMMARY,
        refund_document=RefundDocument.JOURNAL_ENTRY,
        start_date=date(2026, 1, 31),
        customer="Buyers",
    )
    assert settings.refund_kind is None
    assert posting_settings({"start_date": date(2026, 1, 31)}, "US")[0].start_date == date(2026, 1, 31)


def test_what_is_not_allowed_is_said_with_its_cell_and_the_default_holds() -> None:
    settings, findings = posting_settings(
        {"order_document": "Quotation", "start_date": "soon"},
        "US",
        places={"order_document": Cell("Settings", "D12")},
    )
    assert [each.code for each in findings] == ["setting-not-allowed", "setting-not-allowed"]
    assert all(each.stops for each in findings)
    assert {str(each.where) for each in findings} == {"Settings!D12", "None"}
    assert "Invoice, SalesReceipt, none" in next(each.what for each in findings if each.where)
    assert settings == PostingSettings()


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"order_prefix": "AB"}, 0),
        ({"order_prefix": "ABC"}, 1),
        ({"order_prefix": "a"}, 1),
        ({"settlement_prefix": "AMZ-"}, 0),
        ({"settlement_prefix": "AMZON"}, 1),
        ({"settlement_prefix": "A'B"}, 1),
    ],
)
def test_prefixes_that_begin_a_number(values: dict[str, str], count: int) -> None:
    _, findings = posting_settings(values, "US")
    assert [each.code for each in findings] == ["number-prefix-not-usable"] * count


def test_a_marketplace_may_differ() -> None:
    settings = PostingSettings(
        marketplaces={"DE": MarketplacePosting(Method.SUMMARY, "Käufer")}, customer_policy=CustomerPolicy.ORDER
    )
    assert settings.method_of("DE") is Method.SUMMARY
    assert settings.method_of("GB") is Method.ORDERS
    assert settings.customer_of("DE", "1") == "Käufer 1"
    assert settings.customer_of("GB", "1") == "Amazon GB 1"
    assert not settings.records_orders("DE")
    assert settings.for_settlements("DE") == SettlementSettings(method=Method.SUMMARY, detail=Detail.FEE)


def test_kinds_follow_the_settings() -> None:
    assert PostingSettings(order_document=OrderDocument.SALES_RECEIPT).sale_kind is SaleKind.SALES_RECEIPT
    assert PostingSettings().refund_kind is SaleKind.CREDIT_MEMO
    assert PostingSettings().expense_kind is None
    with pytest.raises(ValueError, match="none"):
        _ = PostingSettings(order_document=OrderDocument.NONE).sale_kind
    assert PostingSettings().vendor_of("EUR", "USD") == "Amazon EUR"
