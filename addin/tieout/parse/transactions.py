"""Pages of listTransactions (Finances API 2024-06-19) into deferred transactions.

Source: the model finances_2024-06-19.json. A transaction that is neither DEFERRED nor DEFERRED_RELEASED is none of
these and is left alone; it is in a settlement.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tieout.domain.document import Document
from tieout.domain.finance import Deferral, DeferredTransaction
from tieout.domain.finding import Finding
from tieout.domain.marketplace import by_id
from tieout.parse.api_json import NotAsModelled, moment, money, needed, objects, read_page, text, unlike_model

_DEFERRED = frozenset(Deferral)


def read_transaction_page(
    document: Document,
) -> tuple[tuple[DeferredTransaction, ...], tuple[Finding, ...]]:
    """The deferred transactions of a page. One that can't be read is left out, and said."""
    page = read_page(document)
    if isinstance(page, Finding):
        return (), (page,)
    found, findings = [], []
    for told in objects(page, "payload", "transactions"):
        if text(told, "transactionStatus") not in _DEFERRED:
            continue
        try:
            found.append(_transaction(told))
        except NotAsModelled as unlike:
            transaction_id = text(told, "transactionId")
            findings.append(unlike_model(document, f"transaction {transaction_id}: {unlike}", transaction_id))
    return tuple(found), tuple(findings)


def _transaction(told: Mapping[str, Any]) -> DeferredTransaction:
    amount = money(told.get("totalAmount"), "currencyAmount")
    if amount is None:
        raise NotAsModelled("totalAmount is missing")
    marketplace = by_id(
        text(told, "marketplaceDetails", "marketplaceId") or text(told, "sellingPartnerMetadata", "marketplaceId")
    )
    related = {
        text(one, "relatedIdentifierName"): text(one, "relatedIdentifierValue")
        for one in objects(told, "relatedIdentifiers")
    }
    context = _deferral(told)
    return DeferredTransaction(
        transaction_id=needed(told, "transactionId"),
        transaction_type=text(told, "transactionType"),
        deferral=Deferral(needed(told, "transactionStatus")),
        marketplace=marketplace.country if marketplace else "",
        order_id=related.get("ORDER_ID", ""),
        posted=moment(told, "postedDate"),
        matures=_matures(context),
        amount=amount,
        reason=text(context, "deferralReason"),
        released_by=related.get("RELEASE_TRANSACTION_ID", ""),
        settlement_id=related.get("SETTLEMENT_ID", ""),
    )


def _deferral(told: Mapping[str, Any]) -> Mapping[str, Any]:
    contexts = (
        *objects(told, "contexts"),
        *(one for item in objects(told, "items") for one in objects(item, "contexts")),
    )
    return next((one for one in contexts if text(one, "contextType") == "DeferredContext"), {})


def _matures(context: Mapping[str, Any]) -> datetime | None:
    return moment(context, "maturityDate") if text(context, "maturityDate") else None
