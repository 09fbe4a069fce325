"""A small month in cells: rows for the tables of a book, as a download and a few presses would leave them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from tieout.sheets.build.drawing import Row

SETTLED = "24288684721"
ORDER = "114-4007919-1234598"


def _at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a cell holds no time zone


def sample_rows() -> dict[str, Sequence[Row]]:
    """Rows by table: three marketplaces, every state that the checklist tells apart."""
    return {
        "Orders": [_order(number) for number in range(24)],
        "Errors": ERRORS,
        "Archive": [_archived(number) for number in range(30, 36)],
        "Settlements": SETTLEMENTS,
        "SettlementLines": [_line(number, *line) for number, line in enumerate(LINES)],
        "JournalPreview": [_preview(number, *line) for number, line in enumerate(PREVIEW, 1)],
        "Products": [_product("BLUE", "FBM"), _product("GREEN", "FBM"), _product("RED", "FBA")],
        "PriceOutOfSync": PRICES,
        "QuantityOutOfSync": QUANTITIES,
        "Reconciliation": [_reconciled(*line) for line in RECONCILED],
        "Exceptions": EXCEPTIONS,
        "Activity": ACTIVITY,
    }


def _order(number: int) -> Row:
    marketplace, currency = (("US", "USD"), ("GB", "GBP"), ("DE", "EUR"))[number % 3]
    state = ("Ready", "Ready", "Waiting", "Held")[number % 4]
    day = 1 + number % 28
    return {
        "order_id": f"114-{4000000 + number * 7919:07d}-{1234567 + number * 31:07d}",
        "state": state,
        "marketplace": marketplace,
        "channel": "FBA" if number % 3 else "FBM",
        "amazon_status": "Shipped - Delivered to Buyer" if number % 4 == 0 else "Shipped",
        "order_date": _at(2026, 10, day, 10, 5),
        "ship_date": date(2026, 10, day),
        "units": 1 + number % 3,
        "skus": "HH-MUG-BLUE, HH-TEA-08",
        "currency": currency,
        "items": Decimal("39.98"),
        "shipping": Decimal("4.99"),
        "gift_wrap": Decimal("0.00"),
        "promotions": Decimal("-4.99"),
        "tax": Decimal("3.30"),
        "total": Decimal("43.28"),
        "document": "Invoice",
        "settlement_id": SETTLED if number % 2 else "",
        "why": "" if state == "Ready" else "Its status does not post by Status Filters.",
        "updated": _at(2026, 10, day, 18, 0),
        "notes": "ask Sam" if number == 3 else "",
    }


def _archived(number: int) -> Row:
    order = _order(number)
    kept = ("order_id", "channel", "order_date", "total")
    return {key: order[key] for key in kept} | {
        "state": "Posted",
        "marketplace": "US",
        "currency": "USD",
        "document": "Invoice",
        "doc_number": order["order_id"],
        "quickbooks_url": f"https://app.qbo.intuit.com/app/invoice?txnId={number}",
        "document_date": date(2026, 10, 3),
        "settled": Decimal("40.00"),
        "open_amount": Decimal("3.28"),
        "settlement_id": SETTLED,
        "posted_at": _at(2026, 11, 2, 9, 0),
        "posted_by": "anna",
        "quickbooks_id": str(number),
    }


ERRORS: list[Row] = [
    {
        "order_id": ORDER,
        "reason": "QuickBooks refused the invoice: the customer Amazon US was made inactive.",
        "to_do": "Make the customer active in QuickBooks, or name another in Settings.",
        "where": "Settings!D29",
        "marketplace": "US",
        "channel": "FBA",
        "order_date": _at(2026, 10, 3, 8, 0),
        "currency": "USD",
        "total": Decimal("43.28"),
        "document": "Invoice",
        "code": "customer-inactive",
        "request_id": "1-6720d3c1-3d1b2",
        "attempts": 2,
        "tried": _at(2026, 11, 2, 9, 0),
    },
    {
        "order_id": "204-4007919-1234599",
        "reason": "The invoice's total would be 51.98 GBP, the order's is 51.97 GBP.",
        "to_do": "Set the tax code of Sales for GB on Tax Codes.",
        "where": "Tax Codes!L5",
        "marketplace": "GB",
        "channel": "FBM",
        "order_date": _at(2026, 10, 5, 8, 0),
        "currency": "GBP",
        "total": Decimal("51.97"),
        "document": "Invoice",
        "code": "order-total-differs",
        "attempts": 1,
        "tried": _at(2026, 11, 2, 9, 0),
        "notes": "VAT?",
    },
]


def _settlement(number: int, marketplace: str, currency: str, state: str, total: str, **more: object) -> Row:
    settlement_id = str(int(SETTLED) + number)
    posted = state == "Posted"
    row: dict[str, object] = {
        "settlement_id": settlement_id,
        "state": state,
        "marketplace": marketplace,
        "start": date(2026, 9, 28),
        "end": date(2026, 10, 12),
        "deposit_date": date(2026, 10, 14),
        "currency": currency,
        "amazon_total": Decimal(total),
        "rows_total": Decimal(total),
        "difference": Decimal("0.00"),
        "posted_total": Decimal(total) if posted else None,
        "quickbooks_total": Decimal(total) if posted else None,
        "tie_out": "Ties out" if posted else "",
        "line_count": 4211 + number,
        "unmapped": 0,
        "parts": 2,
        "method": "Orders and settlement",
        "doc_numbers": f"AMZ-{settlement_id}-1, AMZ-{settlement_id}-2" if posted else "",
        "quickbooks_url": "https://app.qbo.intuit.com/app/journal?txnId=12" if posted else "",
        "file": f"{settlement_id}.txt",
        "posted_at": _at(2026, 11, 2, 9, 12) if posted else None,
    }
    return row | more  # type: ignore[return-value]


SETTLEMENTS = [
    _settlement(0, "US", "USD", "Posted", "18230.11"),
    _settlement(1, "US", "USD", "Ready", "17011.87"),
    _settlement(2, "GB", "GBP", "Blocked", "5120.40", unmapped=3, why="3 rows have a fee without a mapping."),
    _settlement(
        3,
        "DE",
        "EUR",
        "Blocked",
        "2210.00",
        rows_total=Decimal("2209.99"),
        difference=Decimal("0.01"),
        why="The total and the rows differ by 0.01 EUR.",
    ),
    _settlement(4, "CA", "CAD", "New", "-12.40"),
]

LINES = [
    ("ItemPrice", "Principal", "19240.00", "Sales", "Amazon Sales"),
    ("ItemPrice", "Shipping", "310.50", "Shipping", "Amazon Shipping Income"),
    ("ItemFees", "Commission", "-2886.00", "Selling fees", "Amazon Selling Fees"),
    ("ItemFees", "FBAPerUnitFulfillmentFee", "-1420.20", "FBA fees", "Amazon FBA Fees"),
    ("Promotion", "Shipping", "-310.50", "Promotions", "Amazon Promotions"),
    ("other-transaction", "Storage Fee", "-212.30", "Storage", "Amazon Storage Fees"),
    ("other-transaction", "Current Reserve Amount", "-900.00", "Reserve", "Amazon Reserve"),
    ("Cost of Advertising", "TransactionTotalAmount", "-611.00", "Advertising", "Amazon Advertising"),
    ("ItemPrice", "Tax", "1400.00", "Facilitator tax", "Amazon Facilitator Tax"),
    (
        "ItemWithheldTax",
        "MarketplaceFacilitatorTax-Principal",
        "-1400.00",
        "Facilitator tax",
        "Amazon Facilitator Tax",
    ),
]


def _line(number: int, amount_type: str, description: str, amount: str, group: str, account: str) -> Row:
    return {
        "settlement_id": SETTLED,
        "row": 3 + number,
        "posted": _at(2026, 10, 3, 12, 0),
        "transaction_type": "Order" if amount_type.startswith("Item") else amount_type,
        "amount_type": amount_type,
        "amount_description": description,
        "currency": "USD",
        "amount": Decimal(amount),
        "group": group,
        "account": account,
        "order_id": ORDER,
        "sku": "HH-MUG-BLUE",
        "quantity": 1,
        "marketplace_name": "Amazon.com",
        "doc_number": f"AMZ-{SETTLED}-1",
    }


PREVIEW = [
    ("Amazon Sales", "Sales", "", "19240.00"),
    ("Amazon Selling Fees", "Selling fees", "2886.00", ""),
    ("Amazon FBA Fees", "FBA fees", "1420.20", ""),
    ("Amazon Carry Forward", "Carry-forward", "14933.80", ""),
]


def _preview(number: int, account: str, group: str, debit: str, credit: str) -> Row:
    return {
        "settlement_id": SETTLED,
        "doc_number": f"AMZ-{SETTLED}-1",
        "line": number,
        "state": "Posted",
        "document": "Journal Entry",
        "day": date(2026, 9, 30),
        "part": "1 of 2",
        "account": account,
        "group": group,
        "currency": "USD",
        "debit": Decimal(debit) if debit else None,
        "credit": Decimal(credit) if credit else None,
        "description": f"{account}, September",
        "rows": 12,
        "memo": f"Amazon US settlement {SETTLED}, 1 of 2",
    }


def _product(colour: str, channel: str) -> Row:
    ours = channel == "FBM"
    return {
        "sku": f"HH-MUG-{colour}",
        "marketplace": "US",
        "channel": channel,
        "item_name": f"Stoneware mug, {colour.lower()}, 350 ml",
        "asin": "B0CX000001",
        "listing_status": "Active",
        "currency": "USD",
        "amazon_price": Decimal("19.99"),
        "wanted_price": Decimal("21.99") if ours else None,
        "price_state": "Out of sync" if ours else "Skipped",
        "amazon_quantity": 14 if ours else None,
        "wanted_quantity": 12 if ours else None,
        "quantity_state": "Out of sync" if ours else "Skipped",
        "your_price": Decimal("21.99") if ours else None,
        "quickbooks_item": f"Mug {colour.lower()}",
        "quickbooks_price": Decimal("19.99"),
        "quickbooks_quantity": 14,
    }


PRICES: list[Row] = [
    {
        "sku": "HH-MUG-GREEN",
        "marketplace": "US",
        "item_name": "Stoneware mug, green, 350 ml",
        "state": "Out of sync",
        "currency": "USD",
        "old_price": Decimal("20.00"),
        "new_price": Decimal("22.00"),
        "change": Decimal("2.00"),
        "reason": "Your price on Products.",
    },
    {
        "sku": "HH-PLATE",
        "marketplace": "GB",
        "item_name": "Stoneware plate, white",
        "state": "Refused",
        "currency": "GBP",
        "old_price": Decimal("10.00"),
        "new_price": Decimal("3.00"),
        "change": Decimal("-7.00"),
        "reason": "The item's price in QuickBooks.",
        "guard": "A move of 70 % is more than the limit of 25 %.",
    },
]
QUANTITIES: list[Row] = [
    {
        "sku": "HH-MUG-GREEN",
        "marketplace": "US",
        "item_name": "Stoneware mug, green, 350 ml",
        "state": "Out of sync",
        "old_quantity": 14,
        "new_quantity": 12,
        "on_hand": 14,
        "reason": "On hand less a buffer of 2.",
    }
]
RECONCILED = [
    ("Sales", "19240.00", "19240.00"),
    ("Selling fees", "-2886.00", "-2886.00"),
    ("Other", "3.00", "0.00"),
    ("Total", "18230.11", "18230.11"),
]


def _reconciled(group: str, amazon: str, quickbooks: str) -> Row:
    difference = Decimal(amazon) - Decimal(quickbooks)
    return {
        "settlement_id": SETTLED,
        "group": group,
        "state": "Differs" if difference else "Ties out",
        "marketplace": "US",
        "deposit_date": date(2026, 10, 14),
        "currency": "USD",
        "amazon": Decimal(amazon),
        "tieout": Decimal(amazon),
        "quickbooks": Decimal(quickbooks),
        "difference": difference,
        "row_count": 12,
    }


EXCEPTIONS: list[Row] = [
    {
        "exception_id": "12",
        "state": "Open",
        "severity": "Blocked",
        "what": "Settlement 24288684724 says 2,210.00 EUR in total; its rows add up to 2,209.99 EUR.",
        "to_do": "Download the file again from Seller Central. If it differs again, ask Amazon for a new one.",
        "marketplace": "DE",
        "settlement_id": "24288684724",
        "currency": "EUR",
        "amount": Decimal("0.01"),
        "where": "24288684724.txt, row 2",
        "code": "settlement-total-differs",
        "first_seen": _at(2026, 11, 2, 9, 0),
    },
    {
        "exception_id": "13",
        "state": "Decided",
        "severity": "Notice",
        "what": f"Order {ORDER} is settled, and was not downloaded.",
        "to_do": "Choose under Decision.",
        "decision": "Download it",
        "marketplace": "US",
        "order_id": ORDER,
        "currency": "USD",
        "amount": Decimal("43.28"),
        "where": "Status Filters!D5",
        "code": "order-not-downloaded",
        "first_seen": _at(2026, 11, 2, 9, 0),
    },
]
ACTIVITY: list[Row] = [
    {
        "at": _at(2026, 11, 2, 9, 12),
        "button": "post-settlements",
        "outcome": "Done in part",
        "sentence": "1 settlement posted, 2 blocked: see Exceptions.",
        "count": 1,
        "seconds": 14,
        "who": "anna",
        "run_id": "r-0012",
    },
    {
        "at": _at(2026, 11, 2, 9, 10),
        "button": "import-settlements",
        "outcome": "Done",
        "sentence": "5 settlements of 5 files imported, 21,065 rows.",
        "count": 5,
        "seconds": 2,
        "who": "anna",
        "run_id": "r-0011",
    },
]
