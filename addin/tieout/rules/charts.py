"""The default charts of accounts, the account a group posts to by default, and what stays off profit and loss.

Source: `mappings/accounts-<country>.csv`. Account types and detail types are Intuit's AccountTypeEnum and
AccountSubTypeEnum (Finance.xsd).
"""

import csv
from functools import cache

from tieout.domain.account import Account, Chart, Group
from tieout.domain.marketplace import by_country
from tieout.resources import packaged

# The role whose account a group posts to where a rule names none.
ROLE_OF_GROUP: dict[Group, str] = {
    Group.SALES: "sales",
    Group.SHIPPING: "shipping_income",
    Group.GIFT_WRAP: "gift_wrap_income",
    Group.PROMOTIONS: "promotions",
    Group.REFUNDS: "refunds",
    Group.TAX: "sales_tax",
    Group.FACILITATOR_TAX: "facilitator_tax",
    Group.SELLING_FEES: "selling_fees",
    Group.FBA_FEES: "fba_fees",
    Group.STORAGE: "storage_fees",
    Group.INBOUND: "inbound_fees",
    Group.ADVERTISING: "advertising",
    Group.SUBSCRIPTION: "subscription",
    Group.SHIPPING_COSTS: "shipping_costs",
    Group.REIMBURSEMENTS: "reimbursements",
    Group.ADJUSTMENTS: "adjustments",
    Group.RESERVE: "reserve",
    Group.LOANS: "loans",
    Group.TRANSFERS: "clearing",
    Group.OTHER: "other",
    Group.BANK: "bank",
    Group.CARD: "card",
    Group.CLEARING: "clearing",
    Group.CARRY_FORWARD: "carry_forward",
}

# Every role a chart has: those of the groups, and those that rules name beside them.
ROLES = frozenset(ROLE_OF_GROUP.values()) | {"withheld_tax", "deferred"}

# Groups that touch the balance sheet only (rule 7 of ARCHITECTURE.md).
BALANCE_SHEET_GROUPS = frozenset({Group.RESERVE, Group.LOANS, Group.TRANSFERS})

PROFIT_AND_LOSS_TYPES = frozenset({"Income", "Other Income", "Cost of Goods Sold", "Expense", "Other Expense"})

_ASSETS = ("Bank", "Other Current Asset", "Other Asset", "Fixed Asset")
_LIABILITIES = ("Other Current Liability", "Long Term Liability", "Credit Card")
_BALANCE_SHEET = (*_ASSETS, *_LIABILITIES, "Equity")

# The types of QuickBooks in which the money of a group may stand (rules 7 and 8): reserves are assets, loans a
# liability, and neither they nor tax, transfers or what balances a draft ever touch profit and loss.
TYPES_OF_GROUP: dict[Group, tuple[str, ...]] = {
    Group.RESERVE: _ASSETS,
    Group.LOANS: _LIABILITIES,
    Group.TAX: _BALANCE_SHEET,
    Group.FACILITATOR_TAX: _BALANCE_SHEET,
    Group.TRANSFERS: _BALANCE_SHEET,
    Group.BANK: _BALANCE_SHEET,
    Group.CARD: _BALANCE_SHEET,
    Group.CLEARING: _BALANCE_SHEET,
    Group.CARRY_FORWARD: _BALANCE_SHEET,
}


def load_chart(country: str) -> Chart:
    """The default chart for a company of `country`: US, GB, or the EU's for any other."""
    marketplace = by_country(country)
    code = marketplace.country if marketplace else country.strip().upper()
    return _chart({"US": "us", "GB": "gb"}.get(code, "eu"), code)


@cache
def _chart(file: str, country: str) -> Chart:
    with packaged(f"mappings/accounts-{file}.csv").open(encoding="utf-8", newline="") as lines:
        accounts = tuple(
            Account(row["role"], row["name"], row["type"], row["detail_type"], row["tax_code"])
            for row in csv.DictReader(lines)
        )
    return Chart(country, accounts)


def new_account(name: str, group: Group, chart: Chart) -> Account:
    """An account of that name which the chart lacks, of the kind that the group's own account is."""
    model = chart.by_role(ROLE_OF_GROUP[group])
    if model is None:
        return Account("", name, "", "")
    return Account("", name, model.account_type, model.detail_type, model.tax_code)
