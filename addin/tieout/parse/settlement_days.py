"""A settlement's dates: the civil day of each line, and the moments of its period, in one order of day and month.

A line's date is its posted-date-time, or its posted-date where it has no time (Amazon, "Update: deprecation of two
payment settlement report types": V2 has both, V1 the second alone).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.parse.coded_words import put_back
from tieout.parse.dated_words import TO_THE_HOUR, TO_THE_MINUTE, DatedWords, dated_words
from tieout.parse.dates import (
    ContradictoryOrder,
    DayOrder,
    ImpossibleDate,
    UnreadableDate,
    WrittenDate,
    day_in,
    decide_order,
    read_moment,
    split_date,
)
from tieout.parse.settlement_summary import SummaryRow

if TYPE_CHECKING:
    import polars as pl

_POSTED = ("posted-date-time", "posted-date")


@dataclass(frozen=True, slots=True)
class SettlementDays:
    """The lines' civil days, in their order, by the clock of months and in UTC; the period's aware moments, and the
    deposit's if the file has one.
    """

    day: "pl.Series"
    utc_day: "pl.Series"
    start: datetime
    end: datetime
    deposit: datetime | None


class _Place(NamedTuple):
    """Where a date's text stands: a column, and the code of its text there; no code in the summary row."""

    column: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """What dates are read from, and where each text of them stands."""

    document: Document
    summary: SummaryRow
    frame: "pl.DataFrame"
    posted: dict[str, DatedWords]

    def at(self, place: _Place) -> Origin:
        """The first row with the date of a place."""
        row = self.summary.row if place.code is None else self._first(place)["row"][0]
        return Origin(self.document.name, self.document.sha256, row)

    def text(self, place: _Place, read: str) -> str:
        """The date of a place as the file has it; `read` is what was read of it."""
        return read if place.code is None else self._first(place)[place.column][0]

    def _first(self, place: _Place) -> "pl.DataFrame":
        is_there = self.posted[place.column].words.to_physical() == place.code
        return self.frame.filter(is_there.fill_null(value=False)).head(1)


def read_days(
    document: Document, frame: "pl.DataFrame", summary: SummaryRow, time_zone: str
) -> SettlementDays | Finding:
    """The dates of the lines (`frame`) and of the summary; a finding if one is missing, impossible or ambiguous."""
    days = _read_days(document, frame, summary, time_zone, TO_THE_HOUR)
    if days is None:
        days = _read_days(document, frame, summary, time_zone, TO_THE_MINUTE)
    assert days is not None, "no civil day begins within a minute"
    return days


def _read_days(
    document: Document, frame: "pl.DataFrame", summary: SummaryRow, time_zone: str, kept: int
) -> SettlementDays | Finding | None:
    """The same, of dates cut to the hour or the minute; None if that is too coarse to tell each line's day."""
    for column, text in (("settlement-start-date", summary.start), ("settlement-end-date", summary.end)):
        if not text:
            return _missing(document, summary, summary.row, column)
    posted = _posted_columns(document, frame, summary, kept)
    if isinstance(posted, Finding):
        return posted
    source = _Source(document, summary, frame, posted)
    written: dict[_Place, WrittenDate] = {}
    for place, text in _texts(source).items():
        try:
            written[place] = split_date(text)
        except UnreadableDate:
            return _unreadable(source, place, text)
        except ImpossibleDate:
            return _impossible(source, place, text)
    if mixed := _mixed(source, written):
        return mixed
    order = _order(source, written, time_zone)
    if isinstance(order, Finding):
        return order
    moments: dict[_Place, datetime | date] = {}
    for place, numbers in written.items():
        try:
            moments[place] = read_moment(numbers, order)
        except ImpossibleDate:
            return _impossible(source, place, numbers.text)
    return _days(source, moments, time_zone)


def _posted_columns(
    document: Document, frame: "pl.DataFrame", summary: SummaryRow, kept: int
) -> dict[str, DatedWords] | Finding:
    """The columns that date the lines: posted-date only where there is no posted-date-time."""
    columns: dict[str, DatedWords] = {}
    undated = frame.select("row", *(name for name in _POSTED if name in frame.columns))
    is_dated = None
    for name in undated.columns[1:]:
        texts = undated[name] if is_dated is None else undated[name].set(is_dated, None)
        columns[name] = dated_words(texts, kept)
        is_dated = texts.is_not_null() if is_dated is None else is_dated | texts.is_not_null()
        if is_dated.all():
            return columns
    row = undated.filter(~is_dated)["row"][0] if is_dated is not None else summary.row
    return _missing(document, summary, row, "posted-date")


def _texts(source: _Source) -> dict[_Place, str]:
    """Every distinct date text of the file, the summary's first; an absent deposit-date is none."""
    summary = source.summary
    texts = {_Place("settlement-start-date"): summary.start, _Place("settlement-end-date"): summary.end}
    if summary.deposit:
        texts[_Place("deposit-date")] = summary.deposit
    for column, posted in source.posted.items():
        texts.update((_Place(column, code), text) for code, text in posted.texts.items())
    return texts


def _mixed(source: _Source, written: dict[_Place, WrittenDate]) -> Finding | None:
    """Two forms of dates in one column, or in the summary row: a spreadsheet took some for dates, and some not."""
    first: dict[str, WrittenDate] = {}
    for place, numbers in written.items():
        group = "summary" if place.code is None else place.column
        before = first.setdefault(group, numbers)
        if before.form != numbers.form:
            return Finding(
                code="settlement-dates-mixed",
                severity=Severity.REFUSED,
                what=(
                    f"The file writes dates in two ways: {before.text} elsewhere, and in this row "
                    f"{source.text(place, numbers.text)}."
                ),
                to_do="Import the file as Amazon gave it; a spreadsheet may have changed some of its dates.",
                where=source.at(place),
                subject=source.summary.settlement_id,
                column=place.column,
            )
    return None


def _order(source: _Source, written: dict[_Place, WrittenDate], time_zone: str) -> DayOrder | Finding:
    period = [written[_Place("settlement-start-date")], written[_Place("settlement-end-date")]]
    posted = [numbers for place, numbers in written.items() if place.code is not None]
    order = decide_order(period, posted, time_zone)
    if isinstance(order, DayOrder):
        return order
    text = order.month_first if isinstance(order, ContradictoryOrder) else order.text
    place = next(place for place, numbers in written.items() if numbers.text == text)
    if isinstance(order, ContradictoryOrder):
        return Finding(
            code="settlement-dates-contradict",
            severity=Severity.REFUSED,
            what=f"Elsewhere the file has the day first ({order.day_first}), but here the month ({text}).",
            to_do="Import the file as Amazon gave it; a spreadsheet may have changed some of its dates.",
            where=source.at(place),
            subject=source.summary.settlement_id,
            column=place.column,
        )
    return Finding(
        code="settlement-dates-ambiguous",
        severity=Severity.REFUSED,
        what=f"Nothing in the file tells whether {text} has the day or the month first.",
        to_do="Import the file as Amazon gave it, or write its dates as year-month-day.",
        where=source.at(place),
        subject=source.summary.settlement_id,
        column=place.column,
    )


def _days(source: _Source, moments: dict[_Place, datetime | date], time_zone: str) -> SettlementDays | Finding | None:
    start = _aware(moments[_Place("settlement-start-date")], time_zone)
    end = _aware(moments[_Place("settlement-end-date")], time_zone)
    deposit = moments.get(_Place("deposit-date"))
    if start > end:
        return _reversed(source)
    days: dict[str, pl.Series] = {}
    for zone in dict.fromkeys((time_zone, "UTC")):
        of_zone = _days_in(source, moments, zone)
        if of_zone is None:
            return None
        days[zone] = of_zone
    return SettlementDays(days[time_zone], days["UTC"], start, end, _aware(deposit, time_zone) if deposit else None)


def _days_in(source: _Source, moments: dict[_Place, datetime | date], time_zone: str) -> "pl.Series | None":
    """The civil day of each line in a zone; None if the texts were cut too coarsely to tell."""
    import polars as pl

    day: pl.Series | None = None
    for name, posted in source.posted.items():
        by_code: dict[int, date] = {}
        span = timedelta(seconds=posted.span_seconds)
        for code in posted.texts:
            moment = moments[_Place(name, code)]
            by_code[code] = day_in(moment, time_zone)
            if span and day_in(moment + span, time_zone) != by_code[code]:
                return None
        of_column = put_back(posted.words, by_code, pl.Date())
        day = of_column if day is None else day.zip_with(day.is_not_null(), of_column)
    assert day is not None, "a settlement has a column of dates"
    return day


def _aware(moment: datetime | date, time_zone: str) -> datetime:
    """The moment, or the first moment of a day in the account's time zone, so that it stays that day there."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), UTC if time_zone == "UTC" else ZoneInfo(time_zone))


def _missing(document: Document, summary: SummaryRow, row: int, column: str) -> Finding:
    return Finding(
        code="settlement-date-missing",
        severity=Severity.REFUSED,
        what=f"The row has no {column}, so the month its money belongs to is not known.",
        to_do="Import the file as Amazon gave it.",
        where=Origin(document.name, document.sha256, row),
        subject=summary.settlement_id,
        column=column,
    )


def _impossible(source: _Source, place: _Place, read: str) -> Finding:
    return Finding(
        code="settlement-date-impossible",
        severity=Severity.REFUSED,
        what=f"{source.text(place, read)} is a date that does not exist.",
        to_do="Import the file as Amazon gave it.",
        where=source.at(place),
        subject=source.summary.settlement_id,
        column=place.column,
    )


def _unreadable(source: _Source, place: _Place, read: str) -> Finding:
    return Finding(
        code="settlement-date-unreadable",
        severity=Severity.REFUSED,
        what=f"{source.text(place, read)!r} is not a date in a form that is known.",
        to_do="Import the file as Amazon gave it, or write its dates as year-month-day.",
        where=source.at(place),
        subject=source.summary.settlement_id,
        column=place.column,
    )


def _reversed(source: _Source) -> Finding:
    return Finding(
        code="settlement-period-reversed",
        severity=Severity.REFUSED,
        what=f"The settlement ends ({source.summary.end}) before it starts ({source.summary.start}).",
        to_do="Import the file as Amazon gave it.",
        where=source.at(_Place("settlement-start-date")),
        subject=source.summary.settlement_id,
        column="settlement-end-date",
    )
