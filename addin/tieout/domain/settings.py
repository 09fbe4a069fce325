"""How a company wants its settlements posted: one validated model, whatever it was typed into."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How orders and settlements become documents."""

    SUMMARY = "summary"
    ORDERS = "orders"


# What holds where nobody chose: in a new workbook, and in every model.
DEFAULT_METHOD = Method.ORDERS
DEFAULT_PREFIX = "AMZ-"


class Detail(StrEnum):
    """How fine the lines of a journal are."""

    FEE = "fee"  # a line for each fee name
    GROUP = "group"  # a line for each group and account


class LastPartDay(StrEnum):
    """The day of a settlement's last (or only) journal."""

    SETTLEMENT_END = "settlement end"
    DEPOSIT = "deposit"


class NegativeTotal(StrEnum):
    """Where a negative total goes."""

    CLEARING = "clearing"  # it waits there for the rows of a later settlement
    CARD = "card"  # it is booked to the card at once


class PeriodZone(StrEnum):
    """The clock that decides which month a line belongs to."""

    MARKETPLACE = "marketplace"
    UTC = "UTC"


class DepositTo(StrEnum):
    """Where a positive total goes."""

    BANK = "bank"  # the journal's bank line meets the bank feed
    CLEARING = "clearing"  # a transfer moves it on later


@dataclass(frozen=True, slots=True)
class SettlementSettings:
    """The settings that drafting a settlement depends on; the defaults are those of the Settings sheet.

    `prefix` begins the numbers of its documents; `class_name` is for lines that no mapping gives another class.
    """

    method: Method = DEFAULT_METHOD
    detail: Detail = Detail.FEE
    last_part_day: LastPartDay = LastPartDay.SETTLEMENT_END
    negative_total: NegativeTotal = NegativeTotal.CLEARING
    period_zone: PeriodZone = PeriodZone.MARKETPLACE
    deposit_to: DepositTo = DepositTo.BANK
    prefix: str = DEFAULT_PREFIX
    class_name: str = ""
    location: str = ""
