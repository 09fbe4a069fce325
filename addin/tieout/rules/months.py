"""Rule 6: a settlement's lines by calendar month, a draft for each, dated in its month.

Every line belongs to the month of its own posted date. Each draft but the last is dated the last day of its month and
carries its net forward; the last one is dated the settlement's end (or deposit) and holds the bank line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tieout.domain.calendar import Month


@dataclass(frozen=True, slots=True)
class Part:
    """One month of a settlement: part `number` of `count`, dated `day`, which is in `month`."""

    number: int
    count: int
    month: Month
    day: date

    @property
    def is_last(self) -> bool:
        """Whether it holds the bank line."""
        return self.number == self.count


def month_parts(months: Iterable[Month], balancing_day: date, *, has_total: bool) -> tuple[Part, ...]:
    """The parts of a settlement with lines in `months` that ends, or is deposited, on `balancing_day`.

    A balancing day in a month after the last line makes a part of its own where there is a total to book
    (`has_total`). Otherwise the last part is dated the day of the last lines' month that is nearest to it.
    """
    in_order = sorted(set(months))
    if not in_order:
        return ()
    if has_total and Month.of(balancing_day) > in_order[-1]:
        in_order.append(Month.of(balancing_day))
    last = in_order[-1]
    days = [month.last_day for month in in_order[:-1]]
    days.append(min(max(balancing_day, last.first_day), last.last_day))
    return tuple(
        Part(number, len(in_order), month, day)
        for number, (month, day) in enumerate(zip(in_order, days, strict=True), start=1)
    )
