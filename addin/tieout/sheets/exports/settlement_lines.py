"""The sheet Settlement Lines: every row of Amazon's files, and the journal line it landed in.

At the left stands what Tieout makes of a row (a real date, a number, the group and account, the journal line), at
the right the row as Amazon's file has it, every column that is not empty, as text. There are two forms: line by
line, streamed; and, beyond `PROOF_LINES_MAX`, summed by kind and month.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from tieout.domain.calendar import Month
from tieout.domain.money import Money
from tieout.sheets.exports.cells import one_line
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.survey import Survey, first_line
from tieout.sheets.exports.table import Column, Row

NAME = "Settlement Lines"
TABLE = "SettlementLines"
# The columns of the flat file V2 that stand at the left already, letter for letter.
_SHOWN_V2 = frozenset({"settlement-id", "transaction-type", "amount-type", "amount-description", "order-id", "sku"})

OURS = (
    Column("Settlement", 14),
    Column("File row", 9, "whole", help="The row in Amazon's file. The file's head is row 1."),
    Column(
        "Posted",
        11,
        "day",
        help="The day Amazon posted the row, on the clock that decides its month: the marketplace's own, or UTC"
        " where the settings say so.",
    ),
    Column("Transaction type", 18),
    Column("Amount type", 18),
    Column("Amount description", 26),
    Column("Order ID", 21),
    Column("Seller SKU", 16),
    Column("Amount", 13, "money", help="As Amazon signs it: what is paid to you is positive."),
    Column("Currency", 9),
    Column("Group", 16),
    Column("Account", 26),
    Column(
        "Journal line",
        26,
        tone=Tone.LINK,
        help="The line of the sheet Journal that this row is part of: doc number / line. Formulas add the rows up by"
        " this column.",
    ),
    Column("Mapping", 9, help="The row of the sheet Fee Mappings that decided group and account."),
)
SUMMED = (
    *OURS[:1],
    Column("First file row", 9, "whole", help="The first of these rows in Amazon's file."),
    Column("Month", 11, "day", help="The first day of the month in which the rows were posted."),
    *OURS[3:6],
    Column("Rows", 9, "whole"),
    *OURS[8:],
)


@dataclass(frozen=True, slots=True)
class LinesSheet:
    """The sheet as it will stand: its columns, 1-based first and last row with data, currencies of its model rows."""

    columns: tuple[Column, ...]
    own_columns: tuple[str, ...]
    currencies: tuple[str, ...]
    first_row: int
    last_row: int

    @property
    def last_column(self) -> str:
        """The letters of its last column."""
        return str(xl_col_to_name(len(self.columns) - 1))


def plan(survey: Survey, first_row: int) -> LinesSheet:
    """Lay the sheet out for the lines of a survey, line by line or summed."""
    rows = survey.lines if survey.whole else sum(len(surveyed.strands) for surveyed in survey.settlements)
    own = _own_columns(survey) if survey.whole else ()
    columns = (
        *(OURS if survey.whole else SUMMED),
        *(Column(head, _width(head), tone=Tone.OWN) for head in _own_heads(own)),
    )
    currencies = tuple(dict.fromkeys(proof.settlement.currency for proof in survey.proofs))
    return LinesSheet(columns, own, currencies, first_row, first_row + max(rows, 1) - 1)


def _own_columns(survey: Survey) -> tuple[str, ...]:
    """The files' columns that are not empty, by name, without those of V2 that stand at the left word for word."""
    shown = _SHOWN_V2 if all(proof.settlement.layout == "v2" for proof in survey.proofs) else frozenset()
    return tuple(
        dict.fromkeys(
            name
            for surveyed in survey.settlements
            for position, name in enumerate(surveyed.names)
            if position in surveyed.filled and name not in shown
        )
    )


def _own_heads(own: Sequence[str]) -> list[str]:
    taken = {column.head.casefold() for column in OURS}
    return [_free_head(name, taken) for name in own]


def _free_head(name: str, taken: set[str]) -> str:
    """A column's name as a table's head: one line, not used before in any letter case."""
    plain = one_line(name) or "(no name)"
    head, number = plain, 1
    while head.casefold() in taken:
        number += 1
        head = f"{plain} (file)" if number == 2 else f"{plain} (file {number})"
    taken.add(head.casefold())
    return head


def _width(head: str) -> int:
    return min(max(len(head) + 3, 10), 26)


def every_line(survey: Survey) -> tuple[list[str], Iterator[Row]]:
    """The heads and rows of the line by line form, however many lines there are; for files that are not sheets."""
    own = _own_columns(survey)
    return [*(column.head for column in OURS), *_own_heads(own)], _every_line(survey, own)


def _every_line(survey: Survey, own: Sequence[str]) -> Iterator[Row]:
    for surveyed in survey.settlements:
        settlement = surveyed.proof.settlement
        positions = [surveyed.names.index(name) if name in surveyed.names else None for name in own]
        for line in settlement.lines.lines():
            strand = surveyed.finder.of(line)
            yield [
                settlement.settlement_id,
                line.row,
                line.posted,
                strand.kind.transaction_type,
                strand.kind.amount_type,
                strand.kind.amount_description,
                line.order_id,
                line.sku,
                line.amount,
                settlement.currency,
                strand.group,
                strand.account,
                strand.landing.key if strand.landing else None,
                strand.mapping_key,
                *(line.fields[position][1] if position is not None else None for position in positions),
            ]


def summed_rows(survey: Survey) -> list[Row]:
    """The rows of the summed form."""
    return [
        [
            strand.proof.settlement.settlement_id,
            first_line(strand).row,
            strand.lines.month.first_day,
            strand.kind.transaction_type,
            strand.kind.amount_type,
            strand.kind.amount_description,
            strand.rows,
            Money(strand.minor, strand.proof.settlement.currency),
            strand.proof.settlement.currency,
            strand.group,
            strand.account,
            strand.landing.key if strand.landing else None,
            strand.mapping_key,
        ]
        for strand in survey.strands()
    ]


def model_rows(sheet: LinesSheet) -> list[Row]:
    """One row a currency, from which the streamed rows take their styles."""
    kinds: dict[str, Any] = {"whole": 0, "day": Month(2000, 1).first_day}
    return [
        [Money.zero(currency) if column.kind == "money" else kinds.get(column.kind) for column in sheet.columns]
        for currency in sheet.currencies
    ]
