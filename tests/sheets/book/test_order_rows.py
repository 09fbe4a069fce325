"""Rows of Orders, Errors and Archive."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tieout.domain.company import Company, QuickBooksAddress
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.order import Channel, Order, OrderLine
from tieout.domain.origin import Cell, Origin
from tieout.sheets.order_rows import POSTED, ArchivedDocument, PaidOrder, archive_row, error_row, order_row

MOMENT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


ORDER = Order(
    order_id="111-0000001-0000001",
    merchant_order_id="",
    marketplace="US",
    sales_channel="Amazon.com",
    channel=Channel.FBM,
    channel_told="Merchant",
    status="Shipped",
    purchased=MOMENT,
    updated=MOMENT,
    currency="USD",
    lines=(
        OrderLine(1, "A", "B0", "a", 2, "Shipped", item_price=usd(2000), item_tax=usd(100), item_promotion=usd(300)),
        OrderLine(2, "A", "B0", "a", 1, "Shipped", item_price=usd(1000), shipping_price=usd(499)),
    ),
)
DOCUMENT = ArchivedDocument(
    entity="Invoice",
    kind="Invoice",
    doc_number=ORDER.order_id,
    quickbooks_id="42",
    day=date(2026, 11, 1),
    total=usd(3299),
    posted_at=MOMENT,
    by="ann",
    site="https://app.qbo.intuit.com/app/",
)


def test_an_order_shows_its_amounts_and_its_day_in_its_marketplace() -> None:
    row = order_row(ORDER, "Ready", "", "Invoice", None, "")
    assert (row["items"], row["shipping"], row["promotions"], row["tax"]) == (
        usd(3000),
        usd(499),
        usd(-300),
        usd(100),
    )
    assert (row["total"], row["units"], row["skus"]) == (usd(3299), 3, "A")
    assert row["order_date"] == datetime(2026, 11, 1, 19, 0)  # noqa: DTZ001 - a cell's moment, in Amazon's own time


def test_an_order_without_a_price_shows_none() -> None:
    row = order_row(replace(ORDER, currency="", lines=()), "Waiting", "", "", None, "")
    assert {row[key] for key in ("items", "shipping", "gift_wrap", "promotions", "tax", "total")} == {None}


@pytest.mark.parametrize(
    ("entity", "address"),
    [
        ("Invoice", "https://app.qbo.intuit.com/app/invoice?txnId=42"),
        ("SalesReceipt", "https://app.qbo.intuit.com/app/salesreceipt?txnId=42"),
    ],
)
def test_a_posted_order_has_the_page_of_its_document(entity: str, address: str) -> None:
    row = archive_row(ORDER, POSTED, replace(DOCUMENT, entity=entity), PaidOrder("77", usd(3000)), "note")
    assert (row["quickbooks_url"], row["notes"], row["posted_by"]) == (address, "note", "ann")
    assert (row["settled"], row["open_amount"], row["settlement_id"]) == (usd(3000), usd(299), "77")


@pytest.mark.parametrize(
    ("endpoint", "practice", "site"),
    [
        ("https://quickbooks.api.intuit.com/v3/company/", False, "https://app.qbo.intuit.com/app/"),
        ("https://sandbox-quickbooks.api.intuit.com/v3/company/", False, "https://app.sandbox.qbo.intuit.com/app/"),
        ("http://127.0.0.1:8000/v3/company/", True, ""),
    ],
)
def test_a_company_s_documents_are_shown_by_its_own_site(endpoint: str, practice: bool, site: str) -> None:
    address = QuickBooksAddress(endpoint, "https://oauth.example/token", "1", "client")
    company = Company("acme", "Acme", "US", "USD", practice=practice, quickbooks=address)
    assert company.books_site == site
    row = archive_row(ORDER, POSTED, replace(DOCUMENT, site=company.books_site), None, "")
    assert row["quickbooks_url"] == (f"{site}invoice?txnId=42" if site else "")
    assert Company("acme", "Acme", "US", "USD").books_site == ""


def test_a_practice_company_has_no_pages() -> None:
    row = archive_row(ORDER, POSTED, replace(DOCUMENT, site=""), None, "")
    assert (row["quickbooks_url"], row["open_amount"]) == ("", usd(3299))


def test_what_is_kept_on_the_sheet_is_not_written() -> None:
    row = archive_row(ORDER, POSTED, replace(DOCUMENT, day=None, total=None, by=None), None, "")
    assert not {"document_date", "total", "posted_by", "settled", "open_amount"} & row.keys()


@pytest.mark.parametrize(
    ("where", "shown"),
    [(Cell("Settings", "D14"), "Settings!D14"), (Origin("orders.txt", "0" * 64, 7), ""), (None, "")],
)
def test_a_failed_order_says_what_where_and_by_which_request(where: Cell | Origin | None, shown: str) -> None:
    finding = Finding("account-missing", Severity.BLOCKED, "It is missing.", "Make it.", where)
    row = error_row(ORDER, finding, document="Invoice", intuit_tid="1-abc", attempts=2, tried=MOMENT, notes="n")
    assert (row["reason"], row["to_do"], row["where"]) == ("It is missing.", "Make it.", shown)
    assert (row["request_id"], row["attempts"], row["code"], row["notes"]) == ("1-abc", 2, "account-missing", "n")
