"""The sheet Clearing: what QuickBooks holds in clearing of each settlement, what explains it, and how old it is.

Ages are told against the newest deposit of the workbook, since a proof reads no clock. What is left unexplained is a
formula: what QuickBooks holds less what is meant to stay there.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from tieout.domain.account import Group
from tieout.domain.calendar import local_day
from tieout.domain.money import Money
from tieout.rules.match import Recorded
from tieout.sheets.exports.figures import ProvedLine, sum_of
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.table import Column, Row, this_row

NAME = "Clearing"
TABLE = "Clearing"
TOTALS_TABLE = "ClearingByCurrency"
# From one day on, up to another: the ages in which accountants list what is open.
_AGES = (("Up to 30 days", 0, 30), ("31 to 60 days", 31, 60), ("61 to 90 days", 61, 90), ("Over 90 days", 91, None))


def _held(head: str) -> str:
    criteria = (
        f"Journal[Settlement],{this_row(TABLE, 'Settlement')},Journal[Account],{this_row(TABLE, 'Account')},"
        f'Journal[QuickBooks ID],"<>"'
    )
    return f"=ROUND(SUMIFS(Journal[{head}],{criteria}),2)"


COLUMNS = (
    Column("Settlement", 15, tone=Tone.STRONG),
    Column("Marketplace", 12),
    Column("Currency", 9),
    Column("Account", 25),
    Column("Deposit date", 12, "day"),
    Column("Days", 7, "whole", help="How long before the newest deposit of this workbook it was paid out."),
    Column("Into clearing", 15, "money", formula=_held("QuickBooks debit"), help="As QuickBooks held it, read back."),
    Column("Out of clearing", 15, "money", formula=_held("QuickBooks credit")),
    Column(
        "Left",
        14,
        "money",
        signed=True,
        formula=f"=ROUND({this_row(TABLE, 'Into clearing')}-{this_row(TABLE, 'Out of clearing')},2)",
    ),
    Column("Explained", 14, "money", signed=True, help="What is meant to stay there, by the settlement's documents."),
    Column("Why", 46, wrap=True),
    Column(
        "Unexplained",
        14,
        "money",
        zero=True,
        signed=True,
        help="Must be 0: left less explained.",
        formula=f"=ROUND({this_row(TABLE, 'Left')}-{this_row(TABLE, 'Explained')},2)",
    ),
)


def totals_columns() -> tuple[Column, ...]:
    """What is left by currency and age; the last column is what nothing explains."""
    currency = f"{TABLE}[Currency],{this_row(TOTALS_TABLE, 'Currency')}"

    def summed(head: str, of: str, criteria: str = "") -> Column:
        formula = f"=ROUND(SUMIFS({TABLE}[{of}],{currency}{criteria}),2)"
        return Column(head, 15, "money", signed=True, formula=formula)

    aged = (
        summed(head, "Left", f',{TABLE}[Days],">={first}"' + (f',{TABLE}[Days],"<={last}"' if last else ""))
        for head, first, last in _AGES
    )
    unexplained = f"=ROUND({this_row(TOTALS_TABLE, 'Left')}-{this_row(TOTALS_TABLE, 'Explained')},2)"
    return (
        Column("Currency", 13, tone=Tone.STRONG),
        summed("Left", "Left"),
        *aged,
        summed("Explained", "Explained"),
        Column("Unexplained", 15, "money", zero=True, signed=True, formula=unexplained, help="Must be 0."),
    )


def rows(proofs: Sequence[SettlementProof], lines: Sequence[Sequence[ProvedLine]]) -> list[Row]:
    """One row for each settlement and clearing account."""
    newest = max((_day(proof) for proof in proofs), default=None)
    # A settlement paid into the bank moves clearing only by rows of debt, where another one left the debt.
    clearing = {line.account for its in lines for line in its if line.ours and line.ours.group is Group.CLEARING}
    return [
        row
        for proof, its in zip(proofs, lines, strict=True)
        for row in _rows(proof, its, clearing, newest)
        if newest is not None
    ]


def _rows(
    proof: SettlementProof, lines: Sequence[ProvedLine], clearing: Collection[str], newest: date | None
) -> Iterator[Row]:
    currency = proof.tie.currency
    for account in dict.fromkeys(line.account for line in lines if line.account in clearing):
        there = [line for line in lines if line.account == account and line.quickbooks_id]
        held = [line.held for line in there if line.held is not None]
        into = sum_of((each for each in held if each.minor > 0), currency)
        out = -sum_of((each for each in held if each.minor < 0), currency)
        meant = sum_of((line.drafted for line in there), currency) if held else Money.zero(currency)
        rows_of_debt = (line for line in there if line.ours and line.ours.group is Group.TRANSFERS)
        carried = sum_of((line.drafted for line in rows_of_debt), currency)
        settlement = proof.settlement
        yield [
            settlement.settlement_id,
            settlement.marketplace,
            currency,
            account,
            local_day(settlement.deposit, settlement.time_zone) if settlement.deposit else None,
            (newest - _day(proof)).days if newest else 0,
            into,
            out,
            into - out,
            meant,
            _why(proof, meant, carried, was_read=bool(held)),
            into - out - meant,
        ]


def _day(proof: SettlementProof) -> date:
    settlement = proof.settlement
    return local_day(settlement.deposit or settlement.end, settlement.time_zone)


def _why(proof: SettlementProof, meant: Money, carried: Money, *, was_read: bool) -> str:
    if not was_read:
        return "Not posted, or not read back."
    if not meant:
        return "Nothing stays there." if not carried else f"{_carried(carried)} Both come to nothing."
    ignored = [one for one in proof.orders.matches if one.by is Recorded.NOT] if proof.orders is not None else []
    if ignored:
        return f"{len(ignored)} orders are recorded nowhere, by decision; the rest is what Settings keep there."
    told = [_carried(carried)] if carried else []
    own = meant - carried
    if own.minor < 0:
        told.append("Amazon is owed: it stays until a later settlement charges it or carries it on.")
    if own.minor > 0:
        told.append("The deposit stays there: Settings move it to no bank, or the bank feed does.")
    return " ".join(told)


def _carried(carried: Money) -> str:
    """What rows such as Payable to Amazon moved there (posting rules, Transfers and charges)."""
    return f"{carried} meets what an earlier settlement left there."


def totals_rows(clearing_rows: Sequence[Row]) -> list[Row]:
    """One row a currency, in the order in which they come."""
    found: list[Row] = []
    for currency in dict.fromkeys(str(row[2]) for row in clearing_rows):
        mine = [row for row in clearing_rows if row[2] == currency]
        left = _sum(mine, 8, currency)
        aged = [_sum([row for row in mine if _is_aged(row[5], first, last)], 8, currency) for _, first, last in _AGES]
        explained = _sum(mine, 9, currency)
        found.append([currency, left, *aged, explained, left - explained])
    return found


def _is_aged(days: object, first: int, last: int | None) -> bool:
    return isinstance(days, int) and days >= first and (last is None or days <= last)


def _sum(some: Sequence[Row], column: int, currency: str) -> Money:
    return sum_of((value for row in some if isinstance(value := row[column], Money)), currency)
