"""Small settlement files made of a few rows, in whatever form a test wants."""

import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_file import read_settlement

SETTLEMENT_ID = "21000000001"


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


V2 = _columns(
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id merchant-order-id adjustment-id shipment-id marketplace-name amount-type amount-description amount "
    "fulfillment-id posted-date posted-date-time order-item-code merchant-order-item-id merchant-adjustment-item-id "
    "sku quantity-purchased promotion-id"
)
V1 = _columns(
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type "
    "order-id merchant-order-id adjustment-id shipment-id marketplace-name shipment-fee-type shipment-fee-amount "
    "order-fee-type order-fee-amount fulfillment-id posted-date order-item-code merchant-order-item-id "
    "merchant-adjustment-item-id sku quantity-purchased price-type price-amount item-related-fee-type "
    "item-related-fee-amount misc-fee-amount other-fee-amount other-fee-reason-description promotion-id "
    "promotion-type promotion-amount direct-payment-type direct-payment-amount other-amount"
)

Fields = dict[str, str]


def summary(total: str, **fields: str) -> Fields:
    """A summary row of a settlement of October 2026, dates and currency as Amazon.com writes them."""
    return {
        "settlement-id": SETTLEMENT_ID,
        "settlement-start-date": "2026-10-07 14:28:38 UTC",
        "settlement-end-date": "2026-10-21 14:28:39 UTC",
        "deposit-date": "2026-10-23 14:28:39 UTC",
        "total-amount": total,
        "currency": "USD",
        **_named(fields),
    }


def line(amount: str, words: Sequence[str] = ("Order", "ItemPrice", "Principal"), **fields: str) -> Fields:
    """A V2 row; keyword names have underscores where the columns have dashes."""
    return {
        "settlement-id": SETTLEMENT_ID,
        "transaction-type": words[0],
        "order-id": "111-1111111-1111111",
        "marketplace-name": "Amazon.com",
        "amount-type": words[1],
        "amount-description": words[2],
        "amount": amount,
        "posted-date": "2026-10-12",
        "posted-date-time": "2026-10-12 18:32:18 UTC",
        "sku": "CUP-RED",
        "quantity-purchased": "1",
        **_named(fields),
    }


def line_v1(transaction_type: str, **fields: str) -> Fields:
    """A V1 row; its amounts are named in `fields`."""
    return {
        "settlement-id": SETTLEMENT_ID,
        "transaction-type": transaction_type,
        "order-id": "701-1111111-1111111",
        "marketplace-name": "Amazon.ca",
        "posted-date": "2026-10-12T18:32:18+00:00",
        "sku": "CUP-RED",
        **_named(fields),
    }


def _named(fields: Fields) -> Fields:
    return {name.replace("_", "-"): value for name, value in fields.items()}


@dataclass(frozen=True)
class File:
    """A settlement file: rows under columns, and how they are written."""

    rows: Sequence[Fields]
    columns: Sequence[str] = V2
    separator: str = "\t"
    end: str = "\n"
    header: Sequence[str] = ()

    @property
    def text(self) -> str:
        lines = [list(self.header) or list(self.columns)]
        lines += [[row.get(column, "") for column in self.columns] for row in self.rows]
        return "".join(self.separator.join(fields) + self.end for fields in lines)

    @property
    def content(self) -> bytes:
        return self.text.encode()

    def with_rows(self, *rows: Fields) -> "File":
        return replace(self, rows=rows)


def small_file() -> File:
    """An order with tax that Amazon withheld, a refund, a fee and two reserves; the total is 105.63."""
    return File(
        [
            summary("105.63"),
            line("49.90"),
            line("3.49", ("Order", "ItemPrice", "Tax")),
            line("-3.49", ("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal")),
            line("-7.49", ("Order", "ItemFees", "Commission")),
            line(
                "-12.10", ("Refund", "ItemPrice", "Principal"), order_id="111-2222222-2222222", quantity_purchased=""
            ),
            line("1.82", ("Refund", "ItemFees", "Commission"), order_id="111-2222222-2222222", quantity_purchased=""),
            other("200.00", "Previous Reserve Amount Balance", "2026-10-07 14:28:45 UTC"),
            other("-126.50", "Current Reserve Amount", "2026-10-21 14:28:46 UTC"),
        ]
    )


def other(amount: str, name: str, posted: str) -> Fields:
    """A row of no order and no marketplace."""
    return line(
        amount,
        ("other-transaction", "other-transaction", name),
        order_id="",
        marketplace_name="",
        sku="",
        quantity_purchased="",
        posted_date=posted[:10],
        posted_date_time=posted,
    )


def document(content: bytes | str, name: str = "settlement.txt", charset: str = "") -> Document:
    return Document.of(name, content.encode() if isinstance(content, str) else content, charset)


def read(content: bytes | str | File, **options: str) -> tuple[Settlement | None, tuple[Finding, ...]]:
    return read_settlement(document(content.content if isinstance(content, File) else content), **options)


def good(content: bytes | str | File, **options: str) -> Settlement:
    """The settlement of a file that nothing is wrong with."""
    settlement, findings = read(content, **options)
    assert findings == ()
    assert settlement is not None
    return settlement


def refused(content: bytes | str | File, **options: str) -> Finding:
    """The one finding for which a file is refused."""
    settlement, findings = read(content, **options)
    assert settlement is None
    (finding,) = findings
    return finding


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
