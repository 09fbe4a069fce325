"""The layout's text: what others rely on, and that its parts fit together."""

import re
import subprocess
import sys

import pytest

from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.domain.marketplace import by_country
from tieout.domain.settings import DepositTo, Detail, LastPartDay, Method, NegativeTotal, PeriodZone
from tieout.rules.charts import ROLES, load_chart
from tieout.sheets.layout import ColumnType, load_layout
from tieout.sheets.layout.formulas import TableNames, written_out
from tieout.sheets.layout.text import held_to

SHEETS = [
    "Home",
    "Settings",
    "Status Filters",
    "Fee Mappings",
    "Accounts",
    "Tax Codes",
    "Orders",
    "Errors",
    "Archive",
    "Settlements",
    "Settlement Lines",
    "Journal Preview",
    "Products",
    "Price Out of Sync",
    "Quantity Out of Sync",
    "Reconciliation",
    "Exceptions",
    "Activity",
]
# The contract of the command line; `practice-company` and `guide` stand on the ribbon besides.
PRESSES = {
    "connect-amazon",
    "connect-quickbooks",
    "refresh-lists",
    "download-orders",
    "post-orders",
    "undo-orders",
    "archive-orders",
    "download-settlements",
    "import-settlements",
    "preview-settlements",
    "post-settlements",
    "undo-settlements",
    "check-prices-quantities",
    "sync-prices",
    "sync-quantities",
    "restore-listings",
    "reconcile",
    "export-reconciliation",
    "proof-pack",
    "check-up",
    "practice-company",
    "guide",
}


def test_the_sheets_are_those_of_the_design_in_their_order() -> None:
    assert [sheet.name for sheet in load_layout().sheets if not sheet.is_hidden] == SHEETS


def test_each_sheet_has_a_table_of_its_name_in_pascal_case() -> None:
    for sheet in load_layout().sheets:
        if not sheet.is_hidden:
            assert sheet.table_name == "".join(word[0].upper() + word[1:] for word in sheet.name.split())


def test_table_sheets_are_open_and_home_and_settings_are_protected() -> None:
    assert {sheet.name for sheet in load_layout().sheets if sheet.is_protected} == {"Home", "Settings"}


def test_the_buttons_are_those_of_the_command_line() -> None:
    assert {button.press for button in load_layout().buttons} == PRESSES


def test_rows_to_act_on_can_be_ticked_and_annotated() -> None:
    layout = load_layout()
    for name in ("Orders", "Errors", "Archive", "Settlements", "Products"):
        assert layout.sheet(name).column("select").is_input
        assert layout.sheet(name).column("notes").is_input
    for name in ("Price Out of Sync", "Quantity Out of Sync"):
        assert layout.sheet(name).column("select").is_input
        assert layout.sheet(name).column("confirm").is_input
    assert layout.sheet("Exceptions").column("notes").is_input


def test_ids_and_amazons_words_are_text_cells_and_money_never_is() -> None:
    for table in load_layout().tables:
        for column in table.columns:
            if column.type.is_text and not column.formula:
                assert column.number_format == "@", (table.name, column.key)
            if column.type is ColumnType.MONEY:
                assert "0.00" in column.number_format
            if re.search(r"(^|_)(id|sku|asin)$", column.key):
                assert column.type is ColumnType.ID


def test_a_row_is_told_apart_by_columns_of_the_product_or_by_the_users_own() -> None:
    for table in load_layout().tables:
        owners = {table.column(key).is_input for key in table.key}
        assert owners == {table.users_rows}, table.name


def test_sheets_with_money_say_its_currency() -> None:
    for table in load_layout().tables:
        if any(column.has_total and column.type is ColumnType.MONEY for column in table.columns):
            assert table.column("currency")


def test_help_is_whole_sentences() -> None:
    layout = load_layout()
    texts = [column.help for table in layout.tables for column in table.columns]
    texts += [setting.help for setting in layout.settings] + [sheet.purpose for sheet in layout.sheets]
    texts += [button.supertip for button in layout.buttons] + [cell.help for cell in layout.home.cells]
    assert [text for text in texts if not re.fullmatch(r"[A-Z{].*\.", text)] == []


def test_options_of_settings_are_those_the_rules_know() -> None:
    layout = load_layout()
    known = {
        "method": Method,
        "detail": Detail,
        "last_part_day": LastPartDay,
        "negative_total": NegativeTotal,
        "period_zone": PeriodZone,
        "deposit_to": DepositTo,
    }
    for key, values in known.items():
        assert {option.value for option in layout.setting(key).options} == {str(value) for value in values}


@pytest.mark.parametrize("country", ["US", "CA", "GB", "DE", "FR", "PL", "AT"])
def test_every_setting_has_a_default_that_it_allows(country: str) -> None:
    layout = load_layout()
    for setting in layout.settings:
        default = setting.default(country)
        if setting.options:
            assert setting.value(setting.label(default)) == default
        elif setting.list_key and not setting.open_list and default:
            assert default in layout.drop_down(setting.list_key).values
        if setting.role:
            assert load_chart(country).by_role(setting.role)


def test_settings_differ_by_country_where_countries_do() -> None:
    layout = load_layout()
    assert layout.setting("home_currency").default("US") == "USD"
    assert layout.setting("home_currency").default("GB") == "GBP"
    assert layout.setting("home_currency").default("DE") == "EUR"
    assert layout.setting("facilitator_tax").default("US") != layout.setting("facilitator_tax").default("GB")


def test_a_setting_is_read_in_the_words_of_the_sheet_or_of_the_code() -> None:
    setting = load_layout().setting("method")
    assert setting.value("Settlement summary") == "summary"
    assert setting.value(" SETTLEMENT SUMMARY ") == "summary"
    assert setting.value("orders") == "orders"
    assert setting.value("by moonlight") is None
    assert setting.label("orders") == "Orders and settlement"


def test_account_settings_name_roles_of_the_chart() -> None:
    roles = [setting.role for setting in load_layout().settings if setting.role]
    assert len(roles) > 5
    assert set(roles) <= ROLES


def test_lists_come_from_the_codes_own_vocabulary() -> None:
    layout = load_layout()
    groups = layout.drop_down("groups").values
    assert groups == tuple(str(group) for group in Group if group not in BALANCING_GROUPS)
    assert set(layout.drop_down("marketplaces").values) == set(layout.marketplaces)
    assert set(layout.drop_down("currencies").values) == {"USD", "CAD", "MXN", "GBP", "EUR", "SEK", "PLN"}
    assert all(by_country(code) is not None for code in layout.marketplaces)


def test_the_default_statuses_post_and_pending_and_cancelled_never_do() -> None:
    statuses = {status.title: status for status in load_layout().statuses}
    for title in ("Shipped", "Completed", "Payment complete"):
        assert statuses[title].posts
        assert statuses[title].default == "Download and post"
    for title in ("Pending", "Cancelled", "Unfulfillable"):
        column = load_layout().sheet("Status Filters").column(statuses[title].key)
        assert not statuses[title].posts
        assert "Download and post" not in load_layout().drop_down(column.list_key).values


def test_every_status_of_amazons_orders_api_is_defined() -> None:
    api = {word for status in load_layout().statuses for word in status.orders_api}
    assert api == {
        "PendingAvailability",
        "Pending",
        "Unshipped",
        "PartiallyShipped",
        "Shipped",
        "InvoiceUnconfirmed",
        "Canceled",
        "Unfulfillable",
    }


def test_unknown_names_are_said() -> None:
    layout = load_layout()
    for ask in (layout.sheet, layout.table, layout.drop_down, layout.setting, layout.button):
        with pytest.raises(KeyError, match="nonsense"):
            ask("nonsense")
    with pytest.raises(KeyError, match="Orders"):
        layout.sheet("Orders").column("nonsense")
    assert layout.table("Orders").by_title(" order id ") == layout.table("Orders").column("order_id")
    assert layout.table("Orders").by_title("nonsense") is None


def test_a_misspelt_key_in_the_text_is_said() -> None:
    with pytest.raises(ValueError, match=r"orders\.toml: widht not known"):
        held_to({"key": "a", "widht": 3}, "orders.toml", "key")
    with pytest.raises(ValueError, match=r"orders\.toml: title missing"):
        held_to({"key": "a"}, "orders.toml", "key title")


def test_short_forms_of_formulas_are_written_out_with_their_tables() -> None:
    names = {"A": TableNames("Sheet A", {"k": "Key"}), "B": TableNames("Sheet B", {"k": "Other"})}
    goto = written_out("goto:k:B:k", "A", names)
    assert "'Sheet B'" in goto
    assert "A[[#This Row],[Key]]" in goto
    assert "B[[#Headers],[Other]]" in goto
    assert written_out("=1+1", "A", names) == "=1+1"
    with pytest.raises(ValueError, match="no such formula"):
        written_out("fetch:k", "A", names)
    with pytest.raises(KeyError):
        written_out("open:nonsense", "A", names)


def test_reading_the_layout_imports_no_spreadsheet_library() -> None:
    heavy = ("xlwings", "openpyxl", "pandas", "polars", "xlsxwriter", "sqlalchemy", "requests")
    code = (
        "import sys; from tieout.sheets.layout import load_layout; load_layout();"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
