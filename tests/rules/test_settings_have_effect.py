"""No setting without an effect: whatever is chosen for one, something that is drafted, decided or shown changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest

from tests.orders.making import line, order
from tests.rules.in_memory import Row, settlement
from tests.rules.settled_shapes import document, order_rows
from tieout.domain.account import Chart
from tieout.domain.draft import as_text as documents_text
from tieout.domain.journal import as_text
from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order
from tieout.domain.posting_settings import ACCOUNT_ROLES, PostingSettings
from tieout.domain.settings import Method
from tieout.domain.settlement import Settlement
from tieout.rules.charts import load_chart
from tieout.rules.draft_order import draft_order
from tieout.rules.draft_settlement import draft_settlement
from tieout.rules.draft_settlement_orders import OrdersContext, draft_settlement_orders
from tieout.rules.mapping import Mapping as FeeMapping
from tieout.rules.match import OrdersKnown, PostedOrder
from tieout.rules.order_status import PaymentComplete, decide
from tieout.rules.posting_settings import posting_settings
from tieout.sheets.layout import ColumnType, SettingLayout, load_layout

COUNTRIES = ("US", "GB", "DE")
# Settings of which something else tells: what reads them is tried there.
ELSEWHERE = {
    "company": "tests/sheets/build: the headings of every sheet",
    "closed_period": "tests/buttons/test_settings_at_work.py: when a press posts",
}
# Settings that count only where others are chosen too.
NEEDS: dict[str, dict[str, str]] = {
    "home_currency": {"fee_document": "Expense"},
    "vendor": {"fee_document": "Expense"},
    "item": {"item_policy": "one"},
    "deposit_to": {"method": "summary"},
    "account_card": {"negative_total": "card"},
}
OF_SYNC = "Prices and quantities"  # read by buttons that are not built yet: the last test says so of each


def changeable() -> list[SettingLayout]:
    """The settings that a user can change, but for those of buttons to come."""
    settings = (one for one in load_layout().settings if one.is_input and not one.is_filled)
    return [one for one in settings if len(one.options) != 1 and one.section != OF_SYNC]


def values_of(setting: SettingLayout) -> list[object]:
    """What it can be: every option, or something typed."""
    if setting.options:
        return [one.value for one in setting.options]
    if setting.type is ColumnType.DATE:
        return [date(2030, 1, 1)]
    if setting.key == "home_currency":
        return ["PLN"]
    return ["QZ"] if setting.longest else ["Something else"]


@cache
def orders_of(country: str) -> tuple[Order, ...]:
    """Plain, with the seller's tax, with Amazon's, for nothing, shipped in, and bought in, another month in UTC."""
    market = by_country(country)
    assert market is not None
    plain = line(currency=market.currency)
    sellers = line(currency=market.currency, item_tax="1.60", tax_responsible="Seller")
    amazons = line(currency=market.currency, item_tax="1.60", tax_collection_model="MarketplaceFacilitator")
    free = line(currency=market.currency, price="0.00")
    midnight = datetime(2026, 1, 31, 23, 30, tzinfo=UTC) if country == "DE" else datetime(2026, 2, 1, 2, tzinfo=UTC)
    if country == "GB":
        midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    made = (
        order(plain, country=country),
        order(sellers, country=country),
        order(amazons, country=country),
        order(free, country=country),
        order(plain, country=country, channel=Channel.FBM, shipped=datetime(2026, 3, 1, 12, tzinfo=UTC)),
        order(plain, country=country, purchased=midnight),
    )
    return tuple(replace(one, order_id=f"113-1234567-000000{number}") for number, one in enumerate(made))


@cache
def settlements_of(country: str) -> list[Settlement]:
    """Two months each, with a refund and a fee; one pays out, one is owed; 111-3 was never downloaded."""
    market = by_country(country)
    assert market is not None
    rows = [
        *order_rows("111-1", 2000, fee=-300, day=date(2026, 1, 20)),
        *order_rows("111-2", 1000, fee=-150, day=date(2026, 2, 2)),
        *order_rows("111-3", 700, day=date(2026, 2, 2)),
        *order_rows("111-1", -500, fee=50, occasion="Refund", day=date(2026, 2, 3)),
    ]
    charge = Row(date(2026, 2, 3), ("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"), -9000)
    return [
        settlement(
            given,
            settlement_id=f"2428868472{number}",
            country=country,
            currency=market.currency,
            start=date(2026, 1, 18),
            end=date(2026, 2, 3),
            deposit=date(2026, 2, 5),
            time_zone=market.time_zone,
        )
        for number, given in enumerate((rows, [*rows, charge]))
    ]


def chart_of(values: Mapping[str, object], country: str) -> Chart:
    """The chart with the accounts that the settings name."""
    named = {ACCOUNT_ROLES[key]: str(value) for key, value in values.items() if key in ACCOUNT_ROLES}
    chart = load_chart(country)
    return Chart(chart.country, tuple(replace(one, name=named.get(one.role, one.name)) for one in chart.accounts))


def observed(values: Mapping[str, object], country: str) -> str:
    """Everything that is drafted and decided, as text."""
    return _observed(tuple(sorted(values.items())), country)


@cache
def _observed(items: tuple[tuple[str, object], ...], country: str) -> str:
    values = dict(items)
    settings, findings = posting_settings(values, country)
    assert findings == ()
    chart = chart_of(values, country)
    told = [one.name for one in chart.accounts]  # what Accounts proposes, whether or not anything posts to it yet
    for one in orders_of(country):
        sale, about = draft_order(one, settings, chart, company_country=country)
        told += [documents_text([sale]) if sale is not None else "", *map(str, about)]
    told.append(str(decide(orders_of(country)[0], payment=PaymentComplete(settings.payment_complete.value))))
    told.append(str(decide(replace(orders_of(country)[0], status="Unshipped"), payment=_payment(settings))))
    home = str(values.get("home_currency") or "")
    for given in settlements_of(country):
        told += _of_settlement(given, settings, chart, country, home or given.currency)
    return "\n".join(told)


def _payment(settings: PostingSettings) -> PaymentComplete:
    return PaymentComplete(settings.payment_complete.value)


def _of_settlement(given: Settlement, settings: PostingSettings, chart: Chart, country: str, home: str) -> list[str]:
    mapping = FeeMapping(chart)
    if settings.method_of(country) is Method.SUMMARY:
        summary = draft_settlement(given, mapping, chart, settings.for_settlements(country))
        return [as_text(summary.journals), *map(str, summary.findings)]
    nothing = Money.zero(given.currency)

    def posted(order_id: str, total: int) -> PostedOrder:
        amount = Money(total, given.currency)
        return replace(document(order_id, total), total=amount, own_tax=nothing, paid=nothing)

    known = OrdersKnown({"111-1": posted("111-1", 2000), "111-2": posted("111-2", 1000)})
    drafted = draft_settlement_orders(given, mapping, chart, settings, OrdersContext(country, home, known))
    return [documents_text(drafted.documents), *map(str, drafted.findings)]


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("setting", changeable(), ids=lambda one: one.key)
def test_changing_a_setting_changes_something(setting: SettingLayout, country: str) -> None:
    if setting.key in ELSEWHERE:
        assert ELSEWHERE[setting.key].startswith("tests/")
        return
    start: dict[str, object] = {**NEEDS.get(setting.key, {})}
    default = setting.default(country)
    before = observed({**start, setting.key: default} if default else start, country)
    assert before == observed(start, country), "the sheet's default is the model's"
    others = [value for value in values_of(setting) if value != default]
    assert others
    for value in others:
        assert observed({**start, setting.key: value}, country) != before, f"{setting.key} = {value} changes nothing"


@pytest.mark.parametrize("setting", load_layout().settings, ids=lambda one: one.key)
def test_every_setting_is_explained(setting: SettingLayout) -> None:
    assert setting.help.endswith(".")
    assert setting.title
    for country in COUNTRIES:
        default = setting.default(country)
        assert not setting.options or default in {one.value for one in setting.options}


def test_settings_of_buttons_to_come_are_those_of_one_section() -> None:
    """Whoever builds the last of these buttons takes the section into the test above."""
    not_built = {one.key for one in load_layout().settings if one.section == OF_SYNC}
    assert not_built == {
        *("price_source", "quantity_source", "buffer", "price_rounding", "price_move_limit", "zero_limit"),
    }
