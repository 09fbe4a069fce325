"""Which item of the books a line of a sales document uses.

Goods use the item with their SKU, or the one item of the settings. Every other line uses an item that bears the name
of the account it posts to ("Amazon Shipping Income"), so that one name says both.
"""

from dataclasses import dataclass

from tieout.domain.account import Account, Chart
from tieout.domain.order import OrderLine
from tieout.domain.posting_settings import ItemPolicy, PostingSettings
from tieout.domain.sale import SaleItem
from tieout.rules.destinations import MissingRole


@dataclass(frozen=True, slots=True)
class SaleItems:
    """The items of a company's sales lines, by its settings and chart."""

    settings: PostingSettings
    chart: Chart

    def goods(self, line: OrderLine) -> SaleItem:
        """The item of an order line's goods; MissingRole."""
        if self.settings.item_policy is ItemPolicy.SKU and line.seller_sku:
            return SaleItem(line.seller_sku, self.account("sales").name, by_sku=True)
        return self.any_goods()

    def any_goods(self) -> SaleItem:
        """The one item of the settings; MissingRole."""
        return SaleItem(self.settings.item, self.account("sales").name)

    def of_role(self, role: str) -> SaleItem:
        """The item that posts to the account of a role; MissingRole."""
        return of_account(self.account(role))

    def account(self, role: str) -> Account:
        """The account of a role; MissingRole."""
        account = self.chart.by_role(role)
        if account is None:
            raise MissingRole(role)
        return account


def of_account(account: Account) -> SaleItem:
    """The item that posts to an account: it bears its name."""
    return SaleItem(account.name, account.name)
