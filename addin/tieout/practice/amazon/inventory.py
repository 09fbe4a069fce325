"""The FBA Inventory API: getInventorySummaries. Source: the model `fbaInventory.json`; the token stands outside
`payload` there.
"""

from tieout.practice.amazon.page_tokens import page_token, read_page_token
from tieout.practice.amazon.seller import FULFILLMENT, Seller
from tieout.practice.amazon.wire import Answer, Doc, Request, invalid_input, iso
from tieout.practice.shop.stock import Stock, stock_of

PAGE_SIZE = 50
_PAGES = "stock"


def get_inventory_summaries(seller: Seller, request: Request) -> Answer:
    """getInventorySummaries."""
    seller.need(FULFILLMENT)
    if request.one("granularityType") != "Marketplace":
        raise invalid_input("granularityType must be Marketplace.")
    marketplace_ids = request.many("marketplaceIds", at_most=1)
    granularity = request.one("granularityId")
    if marketplace_ids != (granularity,):
        raise invalid_input("granularityId and marketplaceIds must name the same marketplace.")
    skus = request.many("sellerSkus", at_most=50) or request.many("sellerSku", at_most=1)
    token = request.one("nextToken")
    start = read_page_token(_PAGES, token)["from"] if token else 0
    account = seller.chosen(marketplace_ids)[0]
    stocks = list(stock_of(seller.shop.seed, account.place, seller.shop.products))
    found = [one for one in stocks if not skus or one.product.sku in skus]
    changed = int(seller.shop.now.timestamp()) - 3600
    since = request.moment("startDateTime")
    if since is not None and since > changed:
        found = []
    details = request.one("details").lower() == "true"
    body: Doc = {
        "payload": {
            "granularity": {"granularityType": "Marketplace", "granularityId": granularity},
            "inventorySummaries": [_summary(one, changed, details) for one in found[start : start + PAGE_SIZE]],
        }
    }
    if start + PAGE_SIZE < len(found):
        body["pagination"] = {"nextToken": page_token(_PAGES, {"from": start + PAGE_SIZE})}
    return Answer(body)


def _summary(stock: Stock, changed_s: int, details: bool) -> Doc:
    product = stock.product
    summary: Doc = {
        "asin": product.asin,
        "fnSku": product.fnsku,
        "sellerSku": product.sku,
        "condition": "NewItem",
        "lastUpdatedTime": iso(changed_s),
        "productName": product.title,
        "totalQuantity": stock.total,
    }
    if details:
        summary["inventoryDetails"] = {
            "fulfillableQuantity": stock.fulfillable,
            "inboundWorkingQuantity": stock.inbound_working,
            "inboundShippedQuantity": stock.inbound_shipped,
            "inboundReceivingQuantity": stock.inbound_receiving,
            "reservedQuantity": {
                "totalReservedQuantity": stock.reserved,
                "pendingCustomerOrderQuantity": stock.reserved,
                "pendingTransshipmentQuantity": 0,
                "fcProcessingQuantity": 0,
            },
            "researchingQuantity": {
                "totalResearchingQuantity": stock.researching,
                "researchingQuantityBreakdown": [
                    {"name": "researchingQuantityInShortTerm", "quantity": stock.researching},
                    {"name": "researchingQuantityInMidTerm", "quantity": 0},
                    {"name": "researchingQuantityInLongTerm", "quantity": 0},
                ],
            },
            "unfulfillableQuantity": {
                "totalUnfulfillableQuantity": stock.unfulfillable,
                "customerDamagedQuantity": stock.unfulfillable,
                "warehouseDamagedQuantity": 0,
                "distributorDamagedQuantity": 0,
                "carrierDamagedQuantity": 0,
                "defectiveQuantity": 0,
                "expiredQuantity": 0,
            },
        }
    return summary
