"""The sheet Journal: every line that was drafted, its rows added again, and what QuickBooks holds for it."""

from collections.abc import Mapping, Sequence

from tieout.domain.journal import Side
from tieout.domain.money import Money
from tieout.sheets.exports import settlement_lines
from tieout.sheets.exports.cells import Link, Value
from tieout.sheets.exports.figures import ProvedLine
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.survey import Survey, first_line
from tieout.sheets.exports.table import Column, Row
from tieout.sheets.exports.trace import Strand, line_key

NAME = "Journal"
TABLE = "Journal"

COLUMNS = (
    Column("Journal line", 26, tone=Tone.STRONG, help="Doc number / line. Settlement Lines names it for each row."),
    Column("Date", 11, "day"),
    Column("Account", 25),
    Column("Group", 16),
    Column("Description", 40, wrap=True),
    Column("Debit", 14, "money"),
    Column("Credit", 14, "money"),
    Column("Currency", 9),
    Column("Rows", 8, "whole", help="How many rows of Amazon's file the line sums."),
    Column("First row", 12, help="Leads to the first of these rows on Settlement Lines. Filter there for the rest."),
    Column(
        "Rows added again",
        14,
        "money",
        help="A formula that adds the rows of this line on Settlement Lines, as Amazon signs them.",
        formula="=ROUND(SUMIFS(SettlementLines[Amount],SettlementLines[Journal line],"
        "Journal[[#This Row],[Journal line]]),2)",
    ),
    Column(
        "Check",
        9,
        "money",
        zero=True,
        help="Must be 0. For a line of Amazon's rows: credit less debit less the rows added again. For the others:"
        " all debits less all credits of their journal.",
        formula="=ROUND(IF(Journal[[#This Row],[Rows]]=0,"
        "SUMIFS(Journal[Debit],Journal[Journal],Journal[[#This Row],[Journal]])"
        "-SUMIFS(Journal[Credit],Journal[Journal],Journal[[#This Row],[Journal]]),"
        "Journal[[#This Row],[Credit]]-Journal[[#This Row],[Debit]]-Journal[[#This Row],[Rows added again]]),2)",
    ),
    Column("QuickBooks debit", 14, "money", help="What QuickBooks held when it was read back. Empty: not read."),
    Column("QuickBooks credit", 14, "money", help="What QuickBooks held when it was read back. Empty: not read."),
    Column(
        "QuickBooks check",
        12,
        "money",
        zero=True,
        help="Must be 0: what QuickBooks holds less what was posted. 0 too where the journal is not posted.",
        formula='=IF(Journal[[#This Row],[QuickBooks ID]]="",0,ROUND('
        "(Journal[[#This Row],[QuickBooks debit]]-Journal[[#This Row],[QuickBooks credit]])"
        "-(Journal[[#This Row],[Debit]]-Journal[[#This Row],[Credit]]),2))",
    ),
    Column("QuickBooks ID", 14, help="The document's id in QuickBooks. Empty: not posted."),
    Column(
        "Document",
        15,
        help="The kind of document in QuickBooks. What one that is no journal does to accounts is told as its lines.",
    ),
    Column("Settlement", 14),
    Column("Journal", 22, help="The number in QuickBooks: settlement and part. It is the document's identity."),
    Column("Line", 6, "whole"),
    Column(
        "Stands for",
        16,
        help="Amazon's rows: lines that sum rows of the file. Deposit: the bank, card or clearing line, equal to the"
        " settlement's total. Carry-forward: what passes between the months, or the documents, of one settlement.",
    ),
)
PRINTED = len(COLUMNS) - 4  # the rest is there for the formulas
COMPARED = 11  # up to the rows added again; after them come the checks


def rows(survey: Survey, lines: Sequence[Sequence[ProvedLine]]) -> list[Row]:
    """The lines of each settlement, in the order of its journals."""
    first = _first_strands(survey)
    return [_row(line, first.get(key_of(line))) for of_one in lines for line in of_one]


def rows_by_key(lines: Sequence[Sequence[ProvedLine]], first_row: int) -> dict[str, int]:
    """The 1-based sheet row of each journal line, by key; the first stands in `first_row`."""
    keys = (key_of(line) for of_one in lines for line in of_one)
    return {key: row for row, key in enumerate(keys, first_row)}


def key_of(line: ProvedLine) -> str:
    """The name of a line in the workbook."""
    return line_key(line.settlement_id, line.doc_number, line.number)


def _first_strands(survey: Survey) -> Mapping[str, Strand]:
    """Of each journal line, the strand that begins first."""
    first: dict[str, Strand] = {}
    for strand in survey.strands():  # in the order of their first lines
        if strand.landing is not None:
            first.setdefault(strand.landing.key, strand)
    return first


def _row(line: ProvedLine, first: Strand | None) -> Row:
    zero = Money.zero(line.currency)
    count = line.ours.rows if line.ours else 0
    side = line.ours.side if line.ours else Side.DEBIT
    held = line.held or zero
    return [
        key_of(line),
        line.day,
        line.account,
        line.group,
        line.description,
        *_sides(line.drafted if line.ours else None, side),
        line.currency,
        count,
        _first_row(first),
        -line.drafted if count else zero,
        zero,  # a journal that does not balance, or a line without its rows, can't be made
        *_sides(line.held, side),
        held - line.drafted if line.quickbooks_id else zero,
        line.quickbooks_id or None,
        line.document,
        line.settlement_id,
        line.doc_number,
        line.number,
        line.stands_for.value,
    ]


def _first_row(first: Strand | None) -> Link | None:
    if first is None:
        return None
    return Link(f"row {first_line(first).row}", settlement_lines.NAME, f"A{first.sheet_row}")


def _sides(amount: Money | None, zero_side: Side) -> tuple[Value, Value]:
    """An amount, debit positive, as (debit, credit); nothing stands on `zero_side`."""
    if amount is None:
        return None, None
    side = zero_side if not amount else Side.DEBIT if amount.minor > 0 else Side.CREDIT
    return (amount, None) if side is Side.DEBIT else (None, -amount)
