"""Amazon's VAT transactions report: what it covers. Its rows are read by those who need them, from the kept document.

Source: the columns of Amazon's report as sellers know it (GET_VAT_TRANSACTION_DATA). Who answers for the VAT of a
sale stands in TAX_COLLECTION_RESPONSIBILITY; a settlement does not say it.
"""

from dataclasses import dataclass

from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.flat_report import open_report

VAT_COLUMNS = (
    *("activity-period", "transaction-type", "transaction-event-id", "transaction-currency-code"),
    "tax-collection-responsibility",
)


@dataclass(frozen=True, slots=True)
class VatReport:
    """What a VAT report covers: its periods in Amazon's words ("2026-SEP"), in order of the first row; its rows."""

    periods: tuple[str, ...]
    marketplaces: tuple[str, ...]
    rows: int

    @property
    def subject(self) -> str:
        """The report in a few words."""
        return f"VAT {', '.join(self.periods)}" if self.periods else "VAT, no transactions"


def read_vat_report(document: Document) -> VatReport | Finding:
    """What a VAT transactions report covers; the finding if it is none, or cut off."""
    report = open_report(document, "a VAT transactions report", VAT_COLUMNS)
    if isinstance(report, Finding):
        return report
    periods: dict[str, None] = {}
    marketplaces: dict[str, None] = {}
    rows = 0
    for _, fields in report.rows():
        rows += 1
        periods.setdefault(fields[report.place("activity-period")])
        marketplaces.setdefault(fields[report.place("marketplace")])
    return VatReport(tuple(filter(None, periods)), tuple(filter(None, marketplaces)), rows)
