"""Amazon's listings report of one marketplace into listings, and pages of the FBA Inventory API into stock.

Sources: Amazon, "Inventory report attributes" (GET_MERCHANT_LISTINGS_ALL_DATA); the model fbaInventory.json. The
report names no marketplace and no currency: those are of what was asked for.
"""

from collections.abc import Sequence

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.listing import Listing, Stock
from tieout.domain.marketplace import Marketplace
from tieout.domain.order import Channel
from tieout.domain.origin import Origin
from tieout.parse.api_json import NotAsModelled, count, needed, objects, read_page, text, unlike_model
from tieout.parse.flat_report import FlatReport, capped, open_report
from tieout.parse.order_fields import FieldReader, Unusable, whole_number

LISTING_COLUMNS = ("seller-sku", "asin1", "price", "quantity", "fulfillment-channel", "status")
_FBA_PREFIX = "AMAZON_"
_FBM = "DEFAULT"


def read_listings(document: Document, marketplace: Marketplace) -> tuple[tuple[Listing, ...], tuple[Finding, ...]]:
    """The listings in a marketplace's report. A row that can't be read is left out, and said."""
    report = open_report(document, "a listings report", LISTING_COLUMNS)
    if isinstance(report, Finding):
        return (), (report,)
    listings: dict[str, Listing] = {}
    findings: list[Finding] = []
    reader = FieldReader()
    for row, fields in report.rows():
        try:
            listing = _listing(report, row, fields, marketplace, reader)
        except Unusable as unusable:
            findings.append(_unreadable(report, row, unusable))
            continue
        if listing.seller_sku in listings:
            findings.append(_twice(report, row, listing.seller_sku))
            continue
        listings[listing.seller_sku] = listing
    return tuple(listings.values()), capped(findings, report)


def _listing(
    report: FlatReport, row: int, fields: list[str], marketplace: Marketplace, reader: FieldReader
) -> Listing:
    def of(name: str) -> str:
        return fields[report.place(name)]

    sku, told = of("seller-sku"), of("fulfillment-channel")
    if not sku:
        raise Unusable("seller-sku", "it has no seller SKU")
    quantity = of("quantity")
    return Listing(
        marketplace=marketplace.country,
        seller_sku=sku,
        asin=of("asin1"),
        listing_id=of("listing-id"),
        title=of("item-name"),
        price=reader.amount(of("price"), marketplace.currency, "price"),
        quantity=whole_number(quantity, "quantity") if quantity else None,
        channel=_channel(told),
        channel_told=told,
        status=of("status"),
        condition=of("item-condition"),
        opened=of("open-date"),
        origin=report.at(row),
    )


def _channel(told: str) -> Channel:
    if told.upper().startswith(_FBA_PREFIX):
        return Channel.FBA
    return Channel.FBM if told.upper() == _FBM else Channel.UNKNOWN


def read_stock_pages(
    pages: Sequence[Document], marketplace: Marketplace
) -> tuple[tuple[Stock, ...], tuple[Finding, ...]]:
    """What all pages of a marketplace's stock say; the same SKU on two pages counts once."""
    stock: dict[tuple[str, str], Stock] = {}
    findings: list[Finding] = []
    for page in pages:
        found = read_page(page)
        if isinstance(found, Finding):
            findings.append(found)
            continue
        for told in objects(found, "payload", "inventorySummaries"):
            try:
                one = Stock(
                    marketplace=marketplace.country,
                    seller_sku=needed(told, "sellerSku"),
                    fnsku=text(told, "fnSku"),
                    asin=text(told, "asin"),
                    condition=text(told, "condition"),
                    fulfillable=count(told, "inventoryDetails", "fulfillableQuantity"),
                    reserved=count(told, "inventoryDetails", "reservedQuantity", "totalReservedQuantity"),
                    unfulfillable=count(
                        told, "inventoryDetails", "unfulfillableQuantity", "totalUnfulfillableQuantity"
                    ),
                    researching=count(told, "inventoryDetails", "researchingQuantity", "totalResearchingQuantity"),
                    inbound=sum(
                        count(told, "inventoryDetails", f"inbound{step}Quantity")
                        for step in ("Working", "Shipped", "Receiving")
                    ),
                    total=count(told, "totalQuantity"),
                )
            except NotAsModelled as unlike:
                findings.append(unlike_model(page, f"stock of {text(told, 'sellerSku')}: {unlike}"))
                continue
            stock[one.seller_sku, one.fnsku] = one
    return tuple(stock.values()), tuple(findings)


def _unreadable(report: FlatReport, row: int, unusable: Unusable) -> Finding:
    return Finding(
        code="listing-row-unreadable",
        severity=Severity.BLOCKED,
        what=f"A listing can't be read: {unusable.what}. It was left out; the others are not affected.",
        to_do="Download the listings again; if the row is so at Amazon, correct the listing in Seller Central.",
        where=report.at(row),
        column=unusable.column,
    )


def _twice(report: FlatReport, row: int, sku: str) -> Finding:
    return Finding(
        code="listing-twice",
        severity=Severity.NOTICE,
        what=f"SKU {sku} is in the report twice; the first row counts.",
        to_do="Look at the listing in Seller Central: a seller SKU should be one listing of a marketplace.",
        where=Origin(report.document.name, report.document.sha256, row),
        subject=sku,
        column="seller-sku",
    )
