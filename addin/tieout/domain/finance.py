"""A transaction of Amazon's Finances API that was deferred: money earned, and held back for a time.

Source: the model finances_2024-06-19.json, listTransactions: DEFERRED is held back, DEFERRED_RELEASED was, and
RELEASE_TRANSACTION_ID names the transaction that let it go.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tieout.domain.money import Money


class Deferral(StrEnum):
    """Whether a deferred transaction still is."""

    DEFERRED = "DEFERRED"
    RELEASED = "DEFERRED_RELEASED"


@dataclass(frozen=True, slots=True)
class DeferredTransaction:
    """One transaction. `marketplace` is a country code, empty where Amazon names none we know.

    `matures` is when Amazon means to let it go; None where it does not say. `reason` is Amazon's code ("DD7").
    """

    transaction_id: str
    transaction_type: str
    deferral: Deferral
    marketplace: str
    order_id: str
    posted: datetime
    matures: datetime | None
    amount: Money
    reason: str = ""
    released_by: str = ""
    settlement_id: str = ""
