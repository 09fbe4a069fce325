"""A settlement file (Flat File V2, or the withdrawn V1) into a settlement, or into what is wrong with it.

The order of work: characters, fields, columns, rows, lines, money, dates, kinds, and then the proof that the rows
add up to the total. Nothing is guessed: a file that can be read in two ways is a finding. Pure: the same document
gives the same settlement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.origin import Origin
from tieout.domain.settlement import Settlement
from tieout.parse.account_marketplace import account_marketplace
from tieout.parse.damaged_ids import find_damaged_ids
from tieout.parse.delimited import delimit
from tieout.parse.encodings import decode
from tieout.parse.settlement_checks import check_settlement
from tieout.parse.settlement_columns import SettlementColumns, find_columns
from tieout.parse.settlement_days import read_days
from tieout.parse.settlement_kinds import read_kinds
from tieout.parse.settlement_lines import SettlementLineColumns, read_lines
from tieout.parse.settlement_money import read_money
from tieout.parse.settlement_rows import read_rows
from tieout.parse.settlement_summary import SummaryRow, read_summary
from tieout.parse.settlement_table import SettlementTable

if TYPE_CHECKING:
    import polars as pl


def read_settlement(
    document: Document, *, country: str = "", time_zone: str = ""
) -> tuple[Settlement | None, tuple[Finding, ...]]:
    """The settlement in an unpacked document, and what a person should know of it.

    `country` says whose account it is where the file does not (a code such as "DE"); `time_zone` decides which day
    a line belongs to, by default the marketplace's own ("UTC" is one); ZoneInfoNotFoundError if it is none.

    No settlement comes with a finding that refuses the file. A settlement whose rows don't add up to its total comes
    with a blocking one that names the difference, so that it can be shown.
    """
    opened = _open(document)
    if isinstance(opened, Finding):
        return None, (opened,)
    settled = _settle(opened, country, time_zone)
    if isinstance(settled, Finding):
        return None, (settled,)
    settlement, frame = settled
    return settlement, check_settlement(settlement, frame, opened.damaged_ids)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A document taken apart: its columns, what its summary row says, its lines as text, columns of damaged ids."""

    document: Document
    columns: SettlementColumns
    summary: SummaryRow
    lines: SettlementLineColumns
    damaged_ids: Mapping[str, int]


def _open(document: Document) -> _Opened | Finding:
    decoded = decode(document)
    if isinstance(decoded, Finding):
        return decoded
    text = delimit(document, decoded)
    if isinstance(text, Finding):
        return text
    columns = find_columns(document, text)
    if isinstance(columns, Finding):
        return columns
    rows = read_rows(document, text, columns)
    if isinstance(rows, Finding):
        return rows
    summary = read_summary(document, text, columns, rows)
    if isinstance(summary, Finding):
        return summary
    lines = read_lines(document, rows, columns)
    if isinstance(lines, Finding):
        return lines
    return _Opened(document, columns, summary, lines, find_damaged_ids(text, columns))


def _settle(opened: _Opened, country: str, time_zone: str) -> tuple[Settlement, "pl.DataFrame"] | Finding:
    """The settlement, and its lines' columns."""
    document, summary, lines = opened.document, opened.summary, opened.lines
    names = _lines_by_name(lines.frame)
    marketplace = account_marketplace(document, country=country, lines_by_name=names, currency=summary.currency)
    if isinstance(marketplace, Finding):
        return marketplace
    zone = time_zone or marketplace.time_zone
    money = read_money(document, lines.frame, summary)
    if isinstance(money, Finding):
        return money
    days = read_days(document, lines.frame, summary, zone)
    if isinstance(days, Finding):
        return days
    kinds = read_kinds(document, lines)
    if isinstance(kinds, Finding):
        return kinds
    dated = {"day": days.day, "utc-day": days.utc_day}
    frame = lines.frame.select("row", "order-id", kind=kinds.keys, minor=money.minor, **dated)
    settlement = Settlement(
        origin=Origin(document.name, document.sha256),
        settlement_id=summary.settlement_id,
        marketplace=marketplace.country,
        marketplace_names=tuple(names),
        time_zone=zone,
        currency=summary.currency,
        start=days.start,
        end=days.end,
        deposit=days.deposit,
        total=Money(money.total, summary.currency),
        sum_of_rows=Money(int(money.minor.sum()), summary.currency),
        layout=opened.columns.layout.value,
        lines=SettlementTable(document, opened.columns, summary.currency, frame, kinds.kind_of),
    )
    return settlement, frame


def _lines_by_name(frame: "pl.DataFrame") -> dict[str, int]:
    """How many lines name each marketplace, in the order of the first; those that name none are left out."""
    import polars as pl

    counted = frame.drop_nulls("marketplace-name").group_by("marketplace-name", maintain_order=True).len()
    return dict(counted.with_columns(pl.col("marketplace-name").cast(pl.String)).iter_rows())
