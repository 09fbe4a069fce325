"""Accounts, the roles they play for Amazon's money, and the groups of a journal's lines."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What a line of a draft is about, in the accountant's words; the last four balance a draft."""

    SALES = "Sales"
    SHIPPING = "Shipping"
    GIFT_WRAP = "Gift wrap"
    PROMOTIONS = "Promotions"
    REFUNDS = "Refunds"
    TAX = "Tax"
    FACILITATOR_TAX = "Facilitator tax"
    SELLING_FEES = "Selling fees"
    FBA_FEES = "FBA fees"
    STORAGE = "Storage"
    INBOUND = "Inbound"
    ADVERTISING = "Advertising"
    SUBSCRIPTION = "Subscription"
    SHIPPING_COSTS = "Shipping costs"
    REIMBURSEMENTS = "Reimbursements"
    ADJUSTMENTS = "Adjustments"
    RESERVE = "Reserve"
    LOANS = "Loans"
    TRANSFERS = "Transfers"
    OTHER = "Other"
    BANK = "Bank"
    CARD = "Card"
    CLEARING = "Clearing"
    CARRY_FORWARD = "Carry-forward"


BALANCING_GROUPS = frozenset({Group.BANK, Group.CARD, Group.CLEARING, Group.CARRY_FORWARD})


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a chart: the role it plays here, its name there, its QuickBooks type and detail type.

    `role` is a lower-case word of `mappings/accounts-<country>.csv` ("sales", "fba_fees", "clearing");
    `account_type` and `detail_type` are Intuit's AccountType and AccountSubType (Finance.xsd).
    `tax_code` is the default tax code's name, empty where none applies.
    """

    role: str
    name: str
    account_type: str
    detail_type: str
    tax_code: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A company's accounts by role; names are unique in it."""

    country: str
    accounts: tuple[Account, ...]

    def by_role(self, role: str) -> Account | None:
        """The account that plays `role`, if the chart has one."""
        return next((account for account in self.accounts if account.role == role), None)

    def by_name(self, name: str) -> Account | None:
        """The account called `name`, in any letter case."""
        wanted = name.strip().casefold()
        return next((account for account in self.accounts if account.name.casefold() == wanted), None)
