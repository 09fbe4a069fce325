"""Months and days of the books."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; months are ordered."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that `day` is in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def next(self) -> "Month":
        """The month after."""
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def local_day(moment: datetime, time_zone: str) -> date:
    """The civil day of an aware moment in a time zone; a setting can choose "UTC"."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(UTC if time_zone == "UTC" else ZoneInfo(time_zone)).date()
