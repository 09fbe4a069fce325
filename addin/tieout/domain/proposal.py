"""An entry of the books' lists that a document needs and that is missing: proposed, made only when agreed."""

from dataclasses import dataclass

from tieout.domain.account import Account

ACCOUNT, CUSTOMER, VENDOR, ITEM = "Account", "Customer", "Vendor", "Item"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be made: an Account, Customer, Vendor or Item of a name.

    `account` is what an account would be, and where an item would post to; `currency` a customer's or vendor's;
    `needed_by` the number of the first document that names it; `sku` whether an item's name is its SKU.
    """

    kind: str
    name: str
    needed_by: str
    account: Account | None = None
    currency: str = ""
    sku: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What tells it apart: QuickBooks' names are unique in any letter case."""
        return self.kind, self.name.casefold()
