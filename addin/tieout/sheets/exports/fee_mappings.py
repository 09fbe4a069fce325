"""The sheet Fee Mappings: every kind of line that came, the rule that decided it, and the money it moved."""

from collections.abc import Iterable

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.sheets.exports import settlement_lines
from tieout.sheets.exports.cells import Link
from tieout.sheets.exports.survey import Survey, first_line
from tieout.sheets.exports.table import Column, Row
from tieout.sheets.exports.trace import Strand

NAME = "Fee Mappings"
TABLE = "FeeMappings"

_ORDER = {str(group): place for place, group in enumerate(Group)}


def columns(whole: bool) -> tuple[Column, ...]:
    """The columns; `whole` tells whether Settlement Lines has a row for each line, or sums with a count."""
    mine = "FeeMappings[[#This Row],[Mapping]]"
    counted = (
        f"COUNTIFS(SettlementLines[Mapping],{mine})"
        if whole
        else f"SUMIFS(SettlementLines[Rows],SettlementLines[Mapping],{mine})"
    )
    return (
        Column("Mapping", 9, help="Settlement Lines names it for each row."),
        Column("Group", 16, help="Unmapped: no rule knows this kind. Its settlement does not post until you decide."),
        Column("Account", 25),
        Column("Transaction type", 17),
        Column("Amount type", 17),
        Column("Amount description", 27),
        Column("Marketplace", 14, help="As the rows name it; many name none."),
        Column("Meaning", 38, wrap=True),
        Column("Rows", 8, "whole", formula=f"={counted}", help="A formula that counts the rows on Settlement Lines."),
        Column(
            "Amount",
            14,
            "money",
            formula=f"=ROUND(SUMIFS(SettlementLines[Amount],SettlementLines[Mapping],{mine}),2)",
            help="A formula that adds the rows on Settlement Lines, as Amazon signs them.",
        ),
        Column("Currency", 9),
        Column(
            "Rule",
            26,
            wrap=True,
            help="The rule that fits; * stands for any text. Exact: a rule for just these words.",
        ),
        Column(
            "Source", 30, wrap=True, help="Where the rule is from: your own row, or what the fee dictionary knows."
        ),
        Column("First seen", 11, "day", help="The day of its first row in these settlements."),
        Column("First row", 9, help="Leads to its first row on Settlement Lines."),
    )


def number_mappings(survey: Survey) -> list[list[Strand]]:
    """The strands of each row of the sheet, in its order; each strand learns the row's key ("M001")."""
    gathered: dict[tuple[str, ...], list[Strand]] = {}
    for strand in survey.strands():
        gathered.setdefault(_identity(strand), []).append(strand)
    ordered = [gathered[key] for key in sorted(gathered, key=lambda key: (_ORDER.get(key[0], -1), key))]
    for number, strands in enumerate(ordered, 1):
        for strand in strands:
            strand.mapping_key = f"M{number:03d}"
    return ordered


def rows(ordered: Iterable[list[Strand]]) -> list[Row]:
    """One row for each kind of line, group, account and currency; those that nobody mapped come first."""
    return [_row(strands) for strands in ordered]


def _identity(strand: Strand) -> tuple[str, ...]:
    kind = strand.kind
    return (
        strand.group,
        strand.account,
        kind.transaction_type,
        kind.amount_type,
        kind.amount_description,
        kind.marketplace_name,
        strand.proof.settlement.currency,
        *_decided_by(strand),
    )


def _row(strands: list[Strand]) -> Row:
    one = strands[0]
    currency = one.proof.settlement.currency
    earliest = min(strands, key=lambda strand: first_line(strand).posted)
    rule, source = _decided_by(one)
    return [
        one.mapping_key,
        one.group,
        one.account,
        one.kind.transaction_type,
        one.kind.amount_type,
        one.kind.amount_description,
        one.kind.marketplace_name,
        _meaning(one),
        sum(strand.rows for strand in strands),
        Money(sum(strand.minor for strand in strands), currency),
        currency,
        rule,
        source,
        first_line(earliest).posted,
        Link(f"row {first_line(earliest).row}", settlement_lines.NAME, f"A{earliest.sheet_row}"),
    ]


def _decided_by(strand: Strand) -> tuple[str, str]:
    """The rule and where it is from; both empty where none decided."""
    if strand.mapped is None:
        return "", ""
    rule, form = strand.mapped.rule, strand.mapped.form
    own = (rule.transaction_type, rule.amount_type, rule.amount_description) == _words(strand)
    recognised = f"{rule}, recognised as {form}" if form else "Exact" if own else str(rule)
    place = str(rule.origin) if rule.origin is not None else ""
    return recognised, ": ".join(text for text in (place, rule.source) if text)


def _words(strand: Strand) -> tuple[str, str, str]:
    return strand.kind.transaction_type, strand.kind.amount_type, strand.kind.amount_description


def _meaning(strand: Strand) -> str:
    if strand.mapped is not None:
        return strand.mapped.rule.meaning
    if strand.unmapped is not None:
        return f"Nobody has decided. Suggested: {strand.unmapped.suggested_group}. {strand.unmapped.reason}"
    return ""
