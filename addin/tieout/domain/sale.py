"""Sales documents: invoice, sales receipt, credit memo, refund receipt. Drafts, not sent.

A sale whose total is not what its order or refund comes to can't be made, as a journal that does not balance can't
(docs/posting-orders.md, Total). Amounts on credit memos and refund receipts are positive: the kind of document
says the direction, as in QuickBooks.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tieout.domain.account import Group
from tieout.domain.money import Money


class SaleKind(StrEnum):
    """The kind of a sales document, by Intuit's entity name."""

    INVOICE = "Invoice"
    SALES_RECEIPT = "SalesReceipt"
    CREDIT_MEMO = "CreditMemo"
    REFUND_RECEIPT = "RefundReceipt"

    @property
    def in_words(self) -> str:
        """Its name in words: "Sales Receipt"."""
        return {"SalesReceipt": "Sales Receipt", "CreditMemo": "Credit Memo", "RefundReceipt": "Refund Receipt"}.get(
            self.value, self.value
        )

    @property
    def moves_money(self) -> bool:
        """Whether it names the account that its money goes to or comes from; the others stand in receivables."""
        return self in {SaleKind.SALES_RECEIPT, SaleKind.REFUND_RECEIPT}


# What an order's own document can be.
ORDER_KINDS = frozenset({SaleKind.INVOICE.value, SaleKind.SALES_RECEIPT.value})


class TaxTreatment(StrEnum):
    """How a document's tax is stated; the values are what a person reads in previews.

    Source: Intuit, "Manage sales tax for US locales" and "… for non-US locales" (GlobalTaxCalculation).
    """

    SALES_TAX = "sales tax"  # US companies: lines are taxable or not, the document states the tax
    EXCLUDED = "tax on top"  # lines are net and name a code; the tax stands beside them
    INCLUSIVE = "tax inside"  # lines are gross and name a code; the books take the tax out by its rate
    OUT_OF_SCOPE = "out of scope"  # lines name no code; tax, if any, is a line on an account of its own


class WrongTotal(ValueError):
    """A document's lines and tax do not come to what it is for."""


@dataclass(frozen=True, slots=True)
class SaleItem:
    """An item of the books: its name or, with `by_sku`, its SKU; `account` is where it posts if it has to be made."""

    name: str
    account: str
    by_sku: bool = False


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A line: signed amount (negative lowers the document), item, quantity (0: none is stated).

    `tax_code` is a code's name, empty where none is stated; `taxed` marks a taxable line of a US document; `tax` is
    what Amazon's rows say of the line's tax where it stands on top.
    """

    group: Group
    item: SaleItem
    description: str
    amount: Money
    quantity: int = 0
    tax_code: str = ""
    taxed: bool = False
    tax: Money | None = None
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sales document of one currency.

    `subject` is what it is posted for (an order id, or the settlement id of a refund); `order_id` the order it is
    of. `tax` is the tax that the document states on top of its lines. `deposit_to` names the account of a receipt.
    `expected` is what the order or refund comes to, counted apart from the lines: WrongTotal if they differ.
    """

    kind: SaleKind
    doc_number: str
    day: date
    currency: str
    customer: str
    memo: str
    lines: tuple[SaleLine, ...]
    treatment: TaxTreatment
    tax: Money
    expected: Money
    subject: str
    order_id: str
    marketplace: str = ""
    deposit_to: str = ""
    location: str = ""

    def __post_init__(self) -> None:
        if any(line.amount.currency != self.currency for line in self.lines):
            raise WrongTotal(f"{self.doc_number} has lines in another currency than {self.currency}")
        if self.total != self.expected:
            raise WrongTotal(f"{self.doc_number} comes to {self.total}, and is for {self.expected}")
        if self.total.minor < 0:
            raise WrongTotal(f"{self.doc_number} comes to {self.total}; the kind of document says the direction")
        if self.kind.moves_money != bool(self.deposit_to):
            raise ValueError(f"{self.doc_number}: a receipt names its account, an invoice or credit memo has none")

    @property
    def entity(self) -> str:
        """Its kind in QuickBooks."""
        return self.kind.value

    @property
    def total(self) -> Money:
        """What the customer owes or is owed: lines and tax on top."""
        return Money.total((line.amount for line in self.lines), self.currency) + self.tax

    def of_group(self, group: Group) -> Money:
        """The sum of the lines of a group."""
        return Money.total((line.amount for line in self.lines if line.group is group), self.currency)
