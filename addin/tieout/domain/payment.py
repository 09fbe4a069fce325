"""Documents that move money between what is owed and the accounts: payments, bills' payments, transfers."""

from dataclasses import dataclass
from datetime import date

from tieout.domain.money import Money


@dataclass(frozen=True, slots=True)
class Settles:
    """A document that a payment settles, by kind and number, and how much of it; the amount is positive."""

    entity: str
    doc_number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """A customer's payment of invoices into an account, credit memos used up on the way.

    Its total is what the account receives: the invoices less the credit memos, never negative (ValueError). With
    `on_account` it is linked to none of them: an earlier payment of theirs stands in a closed period, and was taken
    back by a journal, so that they count as paid for ever and the customer owes by the journal.
    """

    doc_number: str
    day: date
    currency: str
    customer: str
    deposit_to: str
    memo: str
    settles: tuple[Settles, ...]
    subject: str
    marketplace: str = ""
    on_account: bool = False
    location: str = ""

    def __post_init__(self) -> None:
        if self.total.minor < 0:
            raise ValueError(f"{self.doc_number} comes to {self.total}; a payment is never negative")

    @property
    def entity(self) -> str:
        """Its kind in QuickBooks."""
        return "Payment"

    @property
    def total(self) -> Money:
        """What the account receives."""
        signed = (each.amount if each.entity == "Invoice" else -each.amount for each in self.settles)
        return Money.total(signed, self.currency)


@dataclass(frozen=True, slots=True)
class BillPayment:
    """The payment of bills of a vendor out of an account."""

    doc_number: str
    day: date
    currency: str
    vendor: str
    paid_from: str
    memo: str
    settles: tuple[Settles, ...]
    subject: str
    marketplace: str = ""
    location: str = ""

    @property
    def entity(self) -> str:
        """Its kind in QuickBooks."""
        return "BillPayment"

    @property
    def total(self) -> Money:
        """What leaves the account."""
        return Money.total((each.amount for each in self.settles), self.currency)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money moved from one balance sheet account to another; the amount is positive (ValueError)."""

    doc_number: str
    day: date
    currency: str
    from_account: str
    to_account: str
    amount: Money
    memo: str
    subject: str
    marketplace: str = ""

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise ValueError(f"{self.doc_number} moves {self.amount}; a transfer moves something, forwards")

    @property
    def entity(self) -> str:
        """Its kind in QuickBooks."""
        return "Transfer"

    @property
    def total(self) -> Money:
        """What is moved."""
        return self.amount
