"""What a person should know of a settlement that could be read: whether it adds up, and what looks wrong in it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.domain.origin import Origin
from tieout.domain.settlement import Settlement

if TYPE_CHECKING:
    import polars as pl


def check_settlement(
    settlement: Settlement, frame: "pl.DataFrame", damaged_ids: Mapping[str, int]
) -> tuple[Finding, ...]:
    """The findings of a settlement, those that block it first. `frame` has its lines' "row" and "day"."""
    return (
        *_total_differs(settlement),
        *_other_currency(settlement),
        *_damaged(settlement, damaged_ids),
        *_outside_period(settlement, frame),
    )


def _total_differs(settlement: Settlement) -> Iterator[Finding]:
    """Rule 1 of ARCHITECTURE.md. True of every file Amazon made, reserve rows included (facts of real files)."""
    if settlement.difference:
        yield Finding(
            code="settlement-total-differs",
            severity=Severity.BLOCKED,
            what=(
                f"The rows add up to {settlement.sum_of_rows}, but the settlement's total is {settlement.total}: "
                f"{settlement.difference} apart."
            ),
            to_do="Rows are missing, doubled or changed: download the file from Amazon again.",
            where=settlement.origin,
            subject=settlement.settlement_id,
            column="total-amount",
        )


def _other_currency(settlement: Settlement) -> Iterator[Finding]:
    marketplace = by_country(settlement.marketplace)
    if marketplace is not None and marketplace.currency != settlement.currency:
        yield Finding(
            code="settlement-country-currency",
            severity=Severity.BLOCKED,
            what=(
                f"The settlement is in {settlement.currency}, but accounts of {marketplace.country} are settled in "
                f"{marketplace.currency}."
            ),
            to_do="Say the country of the account that this settlement is of, or none if its lines tell it.",
            where=settlement.origin,
            subject=settlement.settlement_id,
            column="currency",
        )


def _damaged(settlement: Settlement, damaged_ids: Mapping[str, int]) -> Iterator[Finding]:
    """One finding for order ids, by which tax is proved, and one for all other columns together."""
    if "order-id" in damaged_ids:
        yield Finding(
            code="settlement-order-ids-damaged",
            severity=Severity.BLOCKED,
            what="A spreadsheet turned order ids into numbers and lost their digits, here and perhaps elsewhere.",
            to_do="Lines can't be told apart by order: import the .txt file that Amazon gave.",
            where=Origin(settlement.origin.file, settlement.origin.sha256, damaged_ids["order-id"]),
            subject=settlement.settlement_id,
            column="order-id",
        )
    others = {column: row for column, row in damaged_ids.items() if column != "order-id"}
    if others:
        columns = ", ".join(others)
        yield Finding(
            code="settlement-ids-damaged",
            severity=Severity.NOTICE,
            what=f"A spreadsheet turned ids in {columns} into numbers and lost digits. No amount depends on them.",
            to_do="For a complete proof import the .txt file that Amazon gave.",
            where=Origin(settlement.origin.file, settlement.origin.sha256, min(others.values())),
            subject=settlement.settlement_id,
            column=columns,
        )


def _outside_period(settlement: Settlement, frame: "pl.DataFrame") -> Iterator[Finding]:
    """Lines posted more than a day outside the period: in real files all are inside, bar seconds."""
    margin = timedelta(days=1)
    first = local_day(settlement.start, settlement.time_zone) - margin
    last = local_day(settlement.end, settlement.time_zone) + margin
    outside = frame.filter((frame["day"] < first) | (frame["day"] > last))
    if outside.height:
        lines = "line is" if outside.height == 1 else "lines are"
        yield Finding(
            code="settlement-lines-outside-period",
            severity=Severity.NOTICE,
            what=f"{outside.height:,} {lines} posted outside the period {first + margin} to {last - margin}.",
            to_do="Check that the dates were read right; each line belongs to the month of its own date.",
            where=Origin(settlement.origin.file, settlement.origin.sha256, outside["row"][0]),
            subject=settlement.settlement_id,
            column="posted-date",
        )
