"""The Sellers API: where the seller participates. Source: the model `sellers.json`."""

from tieout.practice.amazon.seller import INSIGHTS, Seller
from tieout.practice.amazon.wire import Answer, Doc, Request
from tieout.practice.shop.account import Account


def get_marketplace_participations(seller: Seller, request: Request) -> Answer:
    """getMarketplaceParticipations."""
    seller.need(INSIGHTS)
    return Answer({"payload": [_participation(account) for account in seller.accounts]})


def get_account(seller: Seller, request: Request) -> Answer:
    """getAccount."""
    seller.need(INSIGHTS)
    return Answer(
        {
            "payload": {
                "marketplaceParticipationList": [_participation(account) for account in seller.accounts],
                "businessType": "PRIVATE_LIMITED",
                "sellingPlan": "PROFESSIONAL",
                "business": {
                    "name": "Practice Goods Ltd",
                    "registeredBusinessAddress": {"addressLine1": "1 Practice Street", "countryCode": "GB"},
                },
            }
        }
    )


def _participation(account: Account) -> Doc:
    place = account.place
    return {
        "marketplace": {
            "id": place.market.marketplace_id,
            "name": place.market.name,
            "countryCode": place.market.country,
            "defaultCurrencyCode": place.market.currency,
            "defaultLanguageCode": place.language,
            "domainName": f"www.{place.market.name.lower()}",
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Practice Goods",
    }
