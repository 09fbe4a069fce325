"""The settlement reports, which Amazon makes itself: listed, never created.

Source: Amazon's settlement report page and threads about its listing: a report names all the marketplaces of the
account's region, so a filter by the US brings the Canadian and Mexican ones along; only the currency tells them
apart; and the same document may be listed twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.practice.amazon.report_kinds import SETTLEMENTS
from tieout.practice.amazon.seller import Seller
from tieout.practice.amazon.wire import Doc, iso
from tieout.practice.shop.account import ShopSettlement
from tieout.practice.shop.periods import LISTED_AFTER_S
from tieout.practice.shop.records import moment

_DOCUMENT = "amzn1.spdoc.1.4.settlement."


@dataclass(frozen=True, slots=True)
class SettlementReport:
    """A listed report of a settlement; the first settlement of a shop is listed twice."""

    settlement: ShopSettlement
    copy: int

    @property
    def report_id(self) -> str:
        """The report's id."""
        return f"{70 + self.copy}{self.settlement.settlement_id}"

    @property
    def document_id(self) -> str:
        """The id of its document."""
        return f"{_DOCUMENT}{self.settlement.settlement_id}.{self.copy}"

    @property
    def created_s(self) -> int:
        """When it was made."""
        return self.settlement.statement.period.end_s + LISTED_AFTER_S + 60 * self.copy

    @property
    def compressed(self) -> bool:
        """Whether its document is kept compressed; every other one is."""
        return self.settlement.statement.period.number % 2 == 0

    def doc(self, seller: Seller) -> Doc:
        """The report as the API tells it."""
        period = self.settlement.statement.period
        return {
            "reportId": self.report_id,
            "reportType": SETTLEMENTS,
            "marketplaceIds": seller.region_ids(self.settlement.marketplace),
            "dataStartTime": iso(period.start_s),
            "dataEndTime": iso(period.end_s),
            "createdTime": iso(self.created_s),
            "processingStatus": "DONE",
            "processingStartTime": iso(self.created_s),
            "processingEndTime": iso(self.created_s),
            "reportDocumentId": self.document_id,
        }


def settlement_reports(seller: Seller, now_s: int) -> Iterator[SettlementReport]:
    """Every settlement report there is at a moment, however old."""
    for number, settlement in enumerate(seller.shop.settlements_at(moment(now_s))):
        yield SettlementReport(settlement, 0)
        if number == 0:
            yield SettlementReport(settlement, 1)


def settlement_of_document(seller: Seller, document_id: str, now_s: int) -> SettlementReport | None:
    """The report of a document id; None if it is no settlement's."""
    if not document_id.startswith(_DOCUMENT):
        return None
    return next((one for one in settlement_reports(seller, now_s) if one.document_id == document_id), None)
