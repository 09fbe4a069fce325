"""Which kind a V1 row's amount is, by Amazon's own rule of how V1 columns become V2.

Source: Amazon, changelog "Update: Removal of XML Settlement Report and Flat File Settlement Report date changed to
November 11, 2026": the name of a price or fee type column becomes amount-type, its value amount-description;
transaction-type becomes transaction-type or amount-description; other-fee-reason-description becomes
amount-description. What the words are in V2 is taken from V2 files, so that the same fact has the same kind in both
layouts; where no V2 file shows it, the word is made by analogy, and a kind nobody knows is asked about.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.settlement import Kind

# The amount-type that V2 files have for what stands in each of V1's amount columns. Seen in both: the first four.
# By analogy with Shipment-Fees: the next two.
_AMOUNT_TYPES: Mapping[str, str] = {
    "price-amount": "ItemPrice",
    "item-related-fee-amount": "ItemFees",
    "promotion-amount": "Promotion",
    "shipment-fee-amount": "Shipment-Fees",
    "order-fee-amount": "Order-Fees",
    "direct-payment-amount": "Direct-Payment",
}
# Values that V2 puts under an amount-type of their own, whichever V1 column they stand in: tax that Amazon
# withheld (in V1 among prices or fees), and Amazon Points of Amazon.co.jp.
_WITHHELD = ("marketplacefacilitator", "lowvaluegoodstax", "tcs-", "tds ")
_POINTS = ("pointsgranted", "pointsreturned")
# Transaction types that V2 keeps as they are; any other one is in V1 the name of what happened.
_KEPT_TYPES = frozenset(
    {
        *(
            "order",
            "refund",
            "chargeback refund",
            "a-to-z guarantee refund",
            "order_retrocharge",
            "refund_retrocharge",
        ),
        *("liquidations", "liquidations adjustments", "servicefee", "amazonfees", "fbafees"),
    }
)
# What happened to stock, in capitals: V2 files have them under one amount-type, bar the one of multi-channel orders.
_REIMBURSED = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
# Names whose V2 form has a transaction type or amount type of its own (seen in V2 files).
_NAMED: Mapping[str, tuple[str, str]] = {
    "MULTICHANNEL_ORDER_LOST": ("other-transaction", "MCF Inventory Reimbursement"),
    "Micro Deposit": ("Transfers", "Micro Deposit"),
    "SAFE-T Reimbursement": ("SAFE-T Reimbursement", "Other transactions"),
    "Commingling VAT": ("Commingling VAT", "other-transaction"),
    "Vine Enrollment Fee": ("Vine Enrollment Fee", "Vine Enrollment Fee"),
    "Seller Rewards": ("Seller Rewards", "Seller Rewards"),
    "AWD Processing Fee": ("other-transaction", "Amazon Warehousing & Distribution (AWD)"),
    "AWD Storage Fee": ("other-transaction", "Amazon Warehousing & Distribution (AWD)"),
    "AWD Transportation Fee": ("other-transaction", "Amazon Warehousing & Distribution (AWD)"),
}


@dataclass(frozen=True, slots=True)
class WordsV1:
    """What a V1 row says of one of its amounts: the column it stands in, and the row's words.

    `type_value` is what stands in that column's own type column, `fee_type` the row's item-related-fee-type and
    `reason` its other-fee-reason-description; each may be empty.
    """

    column: str
    transaction_type: str
    type_value: str
    fee_type: str
    reason: str
    marketplace_name: str


def kind_of_v1(words: WordsV1) -> Kind:
    """The V2 kind of a V1 amount."""
    transaction_type = words.transaction_type.strip()
    return Kind(*_v2_words(words, transaction_type), words.marketplace_name)


def _v2_words(words: WordsV1, transaction_type: str) -> tuple[str, str, str]:
    value, fee_type, reason = words.type_value.strip(), words.fee_type.strip(), words.reason.strip()
    if transaction_type.casefold() == "servicefee" and fee_type:
        return transaction_type, fee_type, _service_fee_part(words.column, reason)
    if value and words.column in _AMOUNT_TYPES:
        return transaction_type, _amount_type(words.column, value), value
    if transaction_type.casefold() in _KEPT_TYPES:
        if reason:
            return transaction_type, _amount_type("item-related-fee-amount", reason), reason
        return transaction_type, words.column, words.column
    if reason:
        return "other-transaction", transaction_type, reason
    if transaction_type in _NAMED:
        return *_NAMED[transaction_type], transaction_type
    if _REIMBURSED.fullmatch(transaction_type):
        return "other-transaction", "FBA Inventory Reimbursement", transaction_type
    return "other-transaction", "other-transaction", transaction_type


def _service_fee_part(column: str, reason: str) -> str:
    """V2 names a service fee in amount-type and tells its total from its tax in amount-description."""
    if column == "item-related-fee-amount":
        return "TransactionTotalAmount"
    return reason if column == "other-fee-amount" and reason else column


def _amount_type(column: str, value: str) -> str:
    folded = value.casefold()
    if folded.startswith(_WITHHELD):
        return "ItemWithheldTax"
    if folded in _POINTS:
        return "Points"
    return _AMOUNT_TYPES[column]
