"""The rows that tables have in a new book: statuses, the fee dictionary, the proposed chart, the drop-down lists."""

from collections.abc import Sequence

from tieout.domain.marketplace import by_country
from tieout.rules.charts import ROLE_OF_GROUP, load_chart
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.sheets.build.drawing import Row
from tieout.sheets.layout import WorkbookLayout

CHANNELS = ("FBA", "FBM")
SIGNS = {"+": "Positive", "-": "Negative"}


def starting_rows(layout: WorkbookLayout, country: str) -> dict[str, Sequence[Row]]:
    """The rows by table, for a company of `country`."""
    return {
        "StatusFilters": _statuses(layout),
        "FeeMappings": _fee_mappings(country),
        "Accounts": _accounts(country),
        **{
            one.table_name: [{"value": value} for value in one.values]
            for one in layout.lists
            if one.table_name and one.values
        },
    }


def _statuses(layout: WorkbookLayout) -> list[Row]:
    defaults = {status.key: status.default for status in layout.statuses}
    rows: list[Row] = []
    for code in layout.marketplaces:
        found = by_country(code)
        site = found.name if found else ""
        rows += [{"marketplace": code, "site": site, "channel": channel, **defaults} for channel in CHANNELS]
    return rows


def _fee_mappings(country: str) -> list[Row]:
    """The fee dictionary, each row with the account that it posts to by the country's chart."""
    chart = load_chart(country)
    rows: list[Row] = []
    for rule in load_fee_dictionary().rules:
        account = chart.by_role(rule.account_role or ROLE_OF_GROUP[rule.group])
        rows.append(
            {
                "transaction_type": rule.transaction_type,
                "amount_type": rule.amount_type,
                "amount_description": rule.amount_description,
                "marketplace": rule.marketplace,
                "group": str(rule.group),
                "posts_to": account.name if account else "",
                "state": "Mapped",
                "meaning": rule.meaning,
                "expected_sign": SIGNS.get(rule.expected_sign, "Either"),
                "source": "Dictionary",
            }
        )
    return rows


def _accounts(country: str) -> list[Row]:
    return [
        {
            "account": account.name,
            "state": "Proposed",
            "role": account.role,
            "account_type": account.account_type,
            "detail_type": account.detail_type,
            "tax_code": account.tax_code,
        }
        for account in load_chart(country).accounts
    ]
