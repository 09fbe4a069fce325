"""The sheet Reconciliation: each settlement, and each group of it, in Amazon, Tieout and QuickBooks.

Every figure but Amazon's stated total is a formula over Settlement Lines and Journal, written with its value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.sheets.exports.figures import ProvedLine, StandsFor, proved_lines, sum_of
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.table import Column, Row, this_row
from tieout.sheets.exports.trace import Strand

NAME = "Reconciliation"
TABLE = "Reconciliation"
GROUP_TABLE = "ReconciliationByGroup"

_BALANCING = frozenset({StandsFor.DEPOSIT, StandsFor.CARRY_FORWARD})
_ORDER = {str(group): place for place, group in enumerate(Group)}


def journal_sum(table: str, debit: str, credit: str, criteria: str) -> str:
    """A formula for debits less credits of the sheet Journal, of one settlement and by further `criteria`."""
    all_criteria = f"Journal[Settlement],{this_row(table, 'Settlement')},{criteria}"
    return f"=ROUND(SUMIFS(Journal[{debit}],{all_criteria})-SUMIFS(Journal[{credit}],{all_criteria}),2)"


def standing_for(what: StandsFor) -> str:
    """The criterion of journal lines that stand for something."""
    return f'Journal[Stands for],"{what.value}"'


def rows_sum(table: str) -> str:
    """A formula for the rows of one settlement on Settlement Lines."""
    return f"=ROUND(SUMIFS(SettlementLines[Amount],SettlementLines[Settlement],{this_row(table, 'Settlement')}),2)"


def rows_counted(table: str, criteria: str, whole: bool) -> str:
    """A formula for the number of rows that meet `criteria`."""
    return f"=COUNTIFS({criteria})" if whole else f"=SUMIFS(SettlementLines[Rows],{criteria})"


def columns(whole: bool) -> tuple[Column, ...]:
    """The columns by settlement; `whole` tells whether Settlement Lines has a row for each line."""
    mine = this_row(TABLE, "Settlement")
    settlement = f"Journal[Settlement],{mine}"
    return (
        Column("Settlement", 14, tone=Tone.STRONG),
        Column("Marketplace", 12),
        Column("Currency", 9),
        Column("State", 18),
        _READ_BACK,
        Column("Rows", 9, "whole", formula=rows_counted(TABLE, f"SettlementLines[Settlement],{mine}", whole)),
        _money("Amazon total", "The total that Amazon's file states.", ""),
        _money("Rows total", "Every row on Settlement Lines, added.", rows_sum(TABLE)),
        _money(
            "Journal lines",
            "Credits less debits of the journal lines that stand for Amazon's rows.",
            journal_sum(TABLE, "Credit", "Debit", standing_for(StandsFor.ROWS)),
        ),
        _money(
            "Deposit drafted",
            "The bank, card or clearing line of the draft: what the bank statement should show.",
            journal_sum(TABLE, "Debit", "Credit", standing_for(StandsFor.DEPOSIT)),
        ),
        _money(
            "Deposit in QuickBooks",
            "The same line as QuickBooks held it when it was read back.",
            journal_sum(TABLE, "QuickBooks debit", "QuickBooks credit", standing_for(StandsFor.DEPOSIT)),
        ),
        _difference(TABLE, "Amazon total", "Deposit in QuickBooks", "Deposit drafted"),
        Column(
            "Carry-forward left",
            14,
            "money",
            zero=True,
            help="Must be 0: what one month's journal carries on, the next takes back.",
            formula=journal_sum(TABLE, "Debit", "Credit", standing_for(StandsFor.CARRY_FORWARD)),
        ),
        _money(
            "Debits", "All debits of the settlement's journals.", f"=ROUND(SUMIFS(Journal[Debit],{settlement}),2)"
        ),
        _money("Credits", "Must equal the debits.", f"=ROUND(SUMIFS(Journal[Credit],{settlement}),2)"),
    )


def group_columns(whole: bool) -> tuple[Column, ...]:
    """The columns by settlement and group."""
    both = (
        f"SettlementLines[Settlement],{this_row(GROUP_TABLE, 'Settlement')},"
        f"SettlementLines[Group],{this_row(GROUP_TABLE, 'Group')}"
    )
    group = f"Journal[Group],{this_row(GROUP_TABLE, 'Group')}"
    amazon = f"=ROUND(SUMIFS(SettlementLines[Amount],{both}),2)"
    return (
        Column("Settlement", 14, tone=Tone.STRONG),
        Column("Marketplace", 12),
        Column("Currency", 9),
        Column("Group", 18),
        _READ_BACK,
        Column("Rows", 9, "whole", formula=rows_counted(GROUP_TABLE, both, whole)),
        _money("Amazon", "The rows of the group on Settlement Lines.", amazon),
        _money(
            "Tieout",
            "Credits less debits of the group on Journal.",
            journal_sum(GROUP_TABLE, "Credit", "Debit", group),
        ),
        _money(
            "QuickBooks",
            "The same lines as QuickBooks held them when they were read back.",
            journal_sum(GROUP_TABLE, "QuickBooks credit", "QuickBooks debit", group),
        ),
        _difference(GROUP_TABLE, "Amazon", "QuickBooks", "Tieout"),
    )


_READ_BACK = Column("Read back", 9, help="Whether QuickBooks was asked what it holds of this settlement.")


def _money(head: str, help_text: str, formula: str) -> Column:
    return Column(head, 15, "money", help=help_text, formula=formula, signed=True)


def _difference(table: str, amazon: str, held: str, drafted: str) -> Column:
    other = f'IF({this_row(table, "Read back")}="Yes",{this_row(table, held)},{this_row(table, drafted)})'
    return Column(
        "Difference",
        14,
        "money",
        zero=True,
        help=f"Must be 0: {amazon} less {held}, or less {drafted} where nothing was read back.",
        formula=f"=ROUND({this_row(table, amazon)}-{other},2)",
    )


def rows(proofs: Sequence[SettlementProof], lines: Sequence[Sequence[ProvedLine]]) -> list[Row]:
    """One row a settlement, with the values that the formulas have."""
    return [_row(proof, its) for proof, its in zip(proofs, lines, strict=True)]


def _row(proof: SettlementProof, lines: Sequence[ProvedLine]) -> Row:
    settlement, tie = proof.settlement, proof.tie
    zero = Money.zero(tie.currency)
    rows_lines = [line.drafted for line in lines if line.stands_for is StandsFor.ROWS]
    carried = [line.drafted for line in lines if line.stands_for is StandsFor.CARRY_FORWARD]
    drafted = sum_of((line.drafted for line in lines if line.stands_for is StandsFor.DEPOSIT), tie.currency)
    held = tie.quickbooks_total
    return [
        tie.settlement_id,
        tie.marketplace,
        tie.currency,
        proof.state,
        _yes(held is not None),
        len(settlement.lines),
        tie.amazon_total,
        tie.rows_total,
        -sum_of(rows_lines, tie.currency),
        drafted,
        held or zero,
        tie.amazon_total - (drafted if held is None else held),
        sum_of(carried, tie.currency),
        sum_of((journal.debits for journal in proof.draft.journals), tie.currency),
        sum_of((journal.credits for journal in proof.draft.journals), tie.currency),
    ]


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group of one settlement: rows, and what Amazon, Tieout and QuickBooks have, as Amazon signs it."""

    group: str
    rows: int
    amazon: Money
    tieout: Money
    quickbooks: Money | None

    @property
    def difference(self) -> Money:
        """What the books lack of Amazon's rows, or our draft where nothing was read back."""
        return self.amazon - (self.tieout if self.quickbooks is None else self.quickbooks)


def by_group(proof: SettlementProof, strands: Sequence[Strand]) -> list[GroupFigures]:
    """The groups of a settlement that stand for rows, in the order of `Group`; those that balance a draft are none.

    Rows that nobody mapped, and lines that only QuickBooks has, stand under what they are instead of a group.
    """
    currency = proof.settlement.currency
    lines = [line for line in proved_lines(proof) if line.stands_for not in _BALANCING]
    read_back = proof.tie.quickbooks_total is not None
    found = []
    for group in sorted(
        {*(line.group for line in lines), *(strand.group for strand in strands)},
        key=lambda g: (_ORDER.get(g, len(_ORDER)), g),
    ):
        own = [strand for strand in strands if strand.group == group]
        mine = [line for line in lines if line.group == group]
        found.append(
            GroupFigures(
                group=group,
                rows=sum(strand.rows for strand in own),
                amazon=Money(sum(strand.minor for strand in own), currency),
                tieout=-sum_of((line.drafted for line in mine), currency),
                quickbooks=-sum_of((line.held for line in mine), currency) if read_back else None,
            )
        )
    return found


def group_rows(proof: SettlementProof, groups: Sequence[GroupFigures]) -> list[Row]:
    """The rows of one settlement by group."""
    tie = proof.tie
    head = [tie.settlement_id, tie.marketplace, tie.currency]
    asked = _yes(tie.quickbooks_total is not None)
    zero = Money.zero(tie.currency)
    return [[*head, g.group, asked, g.rows, g.amazon, g.tieout, g.quickbooks or zero, g.difference] for g in groups]


def _yes(holds: bool) -> str:
    return "Yes" if holds else "No"
