"""What the documents of a settlement say of themselves under the orders method, and the days they bear."""

from datetime import date

from tieout.domain.calendar import local_day
from tieout.domain.marketplace import by_country
from tieout.domain.settlement import Settlement


def memo(settlement: Settlement, what: str) -> str:
    """The memo of a document: settlement, marketplace, period, and what the document is."""
    marketplace = by_country(settlement.marketplace)
    place = marketplace.name if marketplace else settlement.marketplace or settlement.currency
    first, last = (local_day(moment, settlement.time_zone) for moment in (settlement.start, settlement.end))
    return f"Amazon settlement {settlement.settlement_id}, {place}, {first} to {last}: {what}"


def deposit_day(settlement: Settlement) -> date:
    """The day of the deposit; of the settlement's end where the file tells no deposit."""
    return local_day(settlement.deposit or settlement.end, settlement.time_zone)
