"""The posting settings of a company: one model, whatever they were typed into.

Field names and values are the keys and values of the sheet Settings (`workbook/sheets/settings.toml`); a test holds
the two to each other, defaults included. Accounts are named by the chart's roles; the sheet's keys for them are
`ACCOUNT_ROLES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tieout.domain.expense import ExpenseKind
from tieout.domain.sale import SaleKind
from tieout.domain.settings import (
    DEFAULT_METHOD,
    DEFAULT_PREFIX,
    DepositTo,
    Detail,
    LastPartDay,
    Method,
    NegativeTotal,
    PeriodZone,
    SettlementSettings,
)

# The sheet's keys that name an account, and the role each names it for.
ACCOUNT_ROLES: Mapping[str, str] = {
    "account_sales": "sales",
    "account_clearing": "clearing",
    "account_bank": "bank",
    "account_card": "card",
    "account_reserve": "reserve",
    "account_carry_forward": "carry_forward",
    "account_deferred": "deferred",
    "account_loans": "loans",
    "account_tax": "sales_tax",
    "account_facilitator_tax": "facilitator_tax",
    "account_withheld_tax": "withheld_tax",
}


class OrderDocument(StrEnum):
    """What an order becomes."""

    INVOICE = "Invoice"
    SALES_RECEIPT = "SalesReceipt"
    NONE = "none"


class RefundDocument(StrEnum):
    """What a refund in a settlement becomes."""

    CREDIT_MEMO = "CreditMemo"
    REFUND_RECEIPT = "RefundReceipt"
    JOURNAL_ENTRY = "JournalEntry"


class FeeDocument(StrEnum):
    """What a settlement's fees and expenses become."""

    JOURNAL_ENTRY = "JournalEntry"
    EXPENSE = "Expense"
    CHECK = "Check"
    BILL = "Bill"


class ZeroOrders(StrEnum):
    """What happens to orders of amount zero."""

    KEEP = "keep"
    LEAVE_OUT = "leave-out"


class OrdersNotDownloaded(StrEnum):
    """What becomes of settled orders that were never downloaded, or are not to have a document."""

    SUMMARY = "summary"  # the settlement's journal records them, and a notice says so
    ASK = "ask"  # each is an exception


class ClosedPeriodChoice(StrEnum):
    """What happens to a document whose day is closed."""

    ASK = "ask"
    FIRST_OPEN = "first-open"
    WAIT = "wait"


class OrderDate(StrEnum):
    """Which day an order's document bears."""

    ORDER = "order"
    SHIP = "ship"
    DEPOSIT = "deposit"


class PaymentCompleteMeans(StrEnum):
    """How Status Filters reads Payment complete."""

    AUTHORISED = "authorised"
    SETTLED = "settled"


class CustomerPolicy(StrEnum):
    """Whose document an order's is."""

    MARKETPLACE = "marketplace"
    ORDER = "order"


class ItemPolicy(StrEnum):
    """Which item a line of goods uses."""

    SKU = "sku"
    ONE = "one"


class FacilitatorTax(StrEnum):
    """What becomes of tax that Amazon withholds."""

    LEAVE_OUT = "leave-out"
    NET = "net"


class YesNo(StrEnum):
    """Yes or no."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class MarketplacePosting:
    """What differs in one marketplace: empty and None mean that the settings above hold."""

    method: Method | None = None
    customer: str = ""


@dataclass(frozen=True, slots=True)
class PostingSettings:
    """How a company posts orders and settlements; the defaults are those of the sheet, for a company in the US."""

    method: Method = DEFAULT_METHOD
    order_document: OrderDocument = OrderDocument.INVOICE
    refund_document: RefundDocument = RefundDocument.CREDIT_MEMO
    fee_document: FeeDocument = FeeDocument.JOURNAL_ENTRY
    detail: Detail = Detail.FEE
    deposit_to: DepositTo = DepositTo.BANK
    transfer: YesNo = YesNo.YES
    negative_total: NegativeTotal = NegativeTotal.CLEARING
    zero_orders: ZeroOrders = ZeroOrders.KEEP
    orders_not_downloaded: OrdersNotDownloaded = OrdersNotDownloaded.SUMMARY
    closed_period: ClosedPeriodChoice = ClosedPeriodChoice.ASK
    start_date: date | None = None
    order_date: OrderDate = OrderDate.ORDER
    last_part_day: LastPartDay = LastPartDay.SETTLEMENT_END
    period_zone: PeriodZone = PeriodZone.MARKETPLACE
    payment_complete: PaymentCompleteMeans = PaymentCompleteMeans.AUTHORISED
    customer_policy: CustomerPolicy = CustomerPolicy.MARKETPLACE
    customer: str = "Amazon {marketplace}"
    item_policy: ItemPolicy = ItemPolicy.SKU
    item: str = "Amazon Sales"
    vendor: str = "Amazon"
    order_prefix: str = ""
    settlement_prefix: str = DEFAULT_PREFIX
    class_name: str = ""
    location: str = ""
    facilitator_tax: FacilitatorTax = FacilitatorTax.LEAVE_OUT
    marketplaces: Mapping[str, MarketplacePosting] = field(default_factory=dict)

    def method_of(self, marketplace: str) -> Method:
        """The method of a marketplace (a country code)."""
        return self._of(marketplace).method or self.method

    def records_orders(self, marketplace: str) -> bool:
        """Whether orders of a marketplace have documents of their own."""
        return self.method_of(marketplace) is Method.ORDERS and self.order_document is not OrderDocument.NONE

    def customer_of(self, marketplace: str, order_id: str) -> str:
        """The customer of an order's document."""
        named = self._of(marketplace).customer or self.customer.replace("{marketplace}", marketplace)
        return f"{named} {order_id}" if self.customer_policy is CustomerPolicy.ORDER else named

    def vendor_of(self, currency: str, home_currency: str) -> str:
        """The vendor of documents in a currency: a vendor of QuickBooks has one currency for good."""
        return self.vendor if currency == home_currency else f"{self.vendor} {currency}"

    @property
    def sale_kind(self) -> SaleKind:
        """The kind of an order's document; ValueError where orders have none."""
        return SaleKind(self.order_document.value)

    @property
    def refund_kind(self) -> SaleKind | None:
        """The kind of a refund's document; None where it is a journal."""
        if self.refund_document is RefundDocument.JOURNAL_ENTRY:
            return None
        return SaleKind(self.refund_document.value)

    @property
    def expense_kind(self) -> ExpenseKind | None:
        """The kind of the fees' documents; None where they are journals."""
        return None if self.fee_document is FeeDocument.JOURNAL_ENTRY else ExpenseKind(self.fee_document.value)

    def for_settlements(self, marketplace: str) -> SettlementSettings:
        """What drafting a settlement of a marketplace depends on."""
        return SettlementSettings(
            method=self.method_of(marketplace),
            detail=self.detail,
            last_part_day=self.last_part_day,
            negative_total=self.negative_total,
            period_zone=self.period_zone,
            deposit_to=self.deposit_to,
            prefix=self.settlement_prefix,
            class_name=self.class_name,
            location=self.location,
        )

    def _of(self, marketplace: str) -> MarketplacePosting:
        return self.marketplaces.get(marketplace, MarketplacePosting())
