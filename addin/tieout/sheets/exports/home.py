"""The sheet Home: what tied out, in one line and one row a settlement; and the way to the rest."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.sheets.exports import exceptions
from tieout.sheets.exports.cells import Link
from tieout.sheets.exports.figures import ProvedLine, StandsFor, sum_of
from tieout.sheets.exports.look import Tone
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.reconciliation import journal_sum, rows_sum, standing_for
from tieout.sheets.exports.table import Column, Row

NAME = "Home"
TABLE = "Home"
TOTALS_TABLE = "HomeTotals"
EXCEPTIONS_TABLE = "HomeExceptions"
TOTALS_LEFT = 5  # the totals by currency stand under the columns they add up, from Currency of their own on
_NAMED_MAX = 4

_MINE = f"{TABLE}[[#This Row],"
_SAME = ",".join(
    f"ROUND({_MINE}[Amazon total]]-{_MINE}[{head}]],2)=0"
    for head in ("Rows total", "Posted total", "QuickBooks total")
)
_TIES = (
    f'=IF(AND({_MINE}[QuickBooks total]]<>"",{_SAME},{_MINE}[Changed]]=0,'
    f'COUNTIFS(Journal[Settlement],{_MINE}[Settlement]],Journal[QuickBooks check],"<>0")=0),"Yes","No")'
)
COLUMNS = (
    Column("Settlement", 27, tone=Tone.STRONG, help="Amazon's settlement id. Leads to the sheet Settlements."),
    Column("Marketplace", 12),
    Column("Currency", 10),
    Column("Start", 11, "day"),
    Column("End", 11, "day"),
    Column("Deposit date", 12, "day", help="As Amazon's file gives it. Empty: none given."),
    Column("Amazon total", 14, "money", signed=True, help="The total that Amazon's file states."),
    Column(
        "Rows total",
        14,
        "money",
        signed=True,
        help="A formula that adds every row on Settlement Lines.",
        formula=rows_sum(TABLE),
    ),
    Column(
        "Posted total",
        14,
        "money",
        signed=True,
        help="The deposit line (bank, card or clearing) of the journals that QuickBooks took. Empty: not posted.",
        formula=journal_sum(
            TABLE, "Debit", "Credit", f'{standing_for(StandsFor.DEPOSIT)},Journal[QuickBooks ID],"<>"'
        ),
    ),
    Column(
        "QuickBooks total",
        14,
        "money",
        signed=True,
        help="The same line as QuickBooks held it when it was read back. Empty: not read back.",
        formula=journal_sum(TABLE, "QuickBooks debit", "QuickBooks credit", standing_for(StandsFor.DEPOSIT)),
    ),
    Column(
        "Difference",
        13,
        "money",
        zero=True,
        signed=True,
        help="Must be 0: what QuickBooks lacks of Amazon's total. Empty: not read back.",
        formula="=ROUND(Home[[#This Row],[Amazon total]]-Home[[#This Row],[QuickBooks total]],2)",
    ),
    Column(
        "Changed",
        10,
        "whole",
        zero=True,
        help="Must be 0: documents that QuickBooks holds on another day, or saying something else, and lines of its"
        " own. What changed is on Exceptions.",
    ),
    Column(
        "Ties out",
        10,
        good="Yes",
        help="A formula. Yes: all four totals are the same, and QuickBooks holds every line as the sheet Journal has"
        " it.",
        formula=_TIES,
    ),
    Column("State", 10),
    Column("Exceptions", 11, help="How many there are about this settlement. Leads to the sheet Exceptions."),
)
EXCEPTION_COLUMNS = (Column("Exception", 27), Column("Severity", 13), Column("How many", 10, "whole"))


def totals_columns() -> tuple[Column, ...]:
    """Totals by currency, under the columns of the same names."""

    def summed(head: str) -> Column:
        mine = f"{TOTALS_TABLE}[[#This Row],[Currency]]"
        formula = f"=ROUND(SUMIFS({TABLE}[{head}],{TABLE}[Currency],{mine}),2)"
        return Column(head, 16, "money", signed=True, formula=formula)

    return (
        Column("Currency", 13, tone=Tone.STRONG),
        *(summed(head) for head in ("Amazon total", "Rows total", "Posted total", "QuickBooks total")),
        Column(
            "Not in QuickBooks",
            14,
            "money",
            signed=True,
            zero=True,
            help="Amazon total less QuickBooks total, of all these settlements.",
            formula=f"=ROUND({TOTALS_TABLE}[[#This Row],[Amazon total]]"
            f"-{TOTALS_TABLE}[[#This Row],[QuickBooks total]],2)",
        ),
    )


_AGREE = "Amazon, Tieout and QuickBooks agree exactly."
_NONE_READ = "No settlement was read."
_COUNT, _TIED = f"COUNTA({TABLE}[Settlement])", f'COUNTIF({TABLE}[Ties out],"Yes")'
_DIFFERING = f'COUNTIFS({TABLE}[Ties out],"No",{TABLE}[QuickBooks total],"<>")'
# What the line of a verdict says, from the column Ties out, so that it can't say more than the rows do.
VERDICT = (
    f'=IF({_COUNT}=0,"{_NONE_READ}",IF({_TIED}={_COUNT},'
    f'IF({_COUNT}=1,"The settlement ties out","All "&{_COUNT}&" settlements tie out")&": {_AGREE}",'
    f"IF({_DIFFERING}>0,"
    f'{_DIFFERING}&" of "&{_COUNT}&IF({_COUNT}=1," settlement "," settlements ")'
    f'&IF({_DIFFERING}=1,"does","do")&" not agree with QuickBooks.",'
    f'{_TIED}&" of "&{_COUNT}&" settlements "&IF({_TIED}=1,"ties","tie")&" out; "&({_COUNT}-{_TIED})'
    f'&IF({_COUNT}-{_TIED}=1," is"," are")&" not in QuickBooks yet.")))'
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The line that says it all, as `VERDICT` has it, how it looks, and what it means."""

    tone: Tone
    line: str
    meaning: str


def agrees(proof: SettlementProof, lines: Sequence[ProvedLine]) -> bool:
    """Whether a settlement ties out, and QuickBooks holds every line as the sheet Journal has it.

    A settlement may tie out as it was posted, and be drafted otherwise now (by a mapping or setting changed since).
    """
    return proof.tie.ties and all(line.held == line.drafted for line in lines)


def changed(proof: SettlementProof, lines: Sequence[ProvedLine]) -> int:
    """What QuickBooks holds otherwise and no sum shows: other days, other words, lines of its own."""
    documents = {one.doc_number for one in proof.tie.days} | {one.doc_number for one in proof.tie.changes}
    own = {(line.doc_number, line.number) for line in lines if line.held and not line.ours and not line.quickbooks_id}
    return len(documents) + len(own)


def verdict(proofs: Sequence[SettlementProof], lines: Sequence[Sequence[ProvedLine]]) -> Verdict:
    """What may be said of all settlements together."""
    count = len(proofs)
    open_ones = [proof for proof, its in zip(proofs, lines, strict=True) if not agrees(proof, its)]
    differing = sum(proof.tie.quickbooks_total is not None for proof in open_ones)
    if not count:
        return Verdict(Tone.WARN, _NONE_READ, "The sheet Exceptions says why.")
    if not open_ones:
        line = "The settlement ties out" if count == 1 else f"All {count} settlements tie out"
        return Verdict(Tone.GOOD, f"{line}: {_AGREE}", _compared())
    named = "; ".join(f"{proof.settlement.settlement_id} ({proof.state})" for proof in open_ones[:_NAMED_MAX])
    more = f"; and {len(open_ones) - _NAMED_MAX} more" if len(open_ones) > _NAMED_MAX else ""
    meaning = f"Not tied out: {named}{more}. {_compared()}"
    settlements = "settlement" if count == 1 else "settlements"
    if differing:
        verb = "does" if differing == 1 else "do"
        return Verdict(Tone.BAD, f"{differing} of {count} {settlements} {verb} not agree with QuickBooks.", meaning)
    tied, waiting = count - len(open_ones), len(open_ones)
    ties, are = "ties" if tied == 1 else "tie", "is" if waiting == 1 else "are"
    line = f"{tied} of {count} {settlements} {ties} out; {waiting} {are} not in QuickBooks yet."
    return Verdict(Tone.WARN, line, meaning)


def _compared() -> str:
    return (
        "Compared are the total that Amazon states, the sum of the file's rows, the deposit that Tieout posted, and"
        " the deposit that QuickBooks held when it was read back."
    )


def rows(
    proofs: Sequence[SettlementProof],
    lines: Sequence[Sequence[ProvedLine]],
    findings: Sequence[Finding],
    settlement_rows: Sequence[int],
) -> list[Row]:
    """One row a settlement; `settlement_rows` are their 1-based rows on the sheet Settlements."""
    about = Counter(finding.subject for finding in findings)
    return [
        _row(proof, its, about[proof.settlement.settlement_id], f"A{row}")
        for proof, its, row in zip(proofs, lines, settlement_rows, strict=True)
    ]


def posted_total(proof: SettlementProof, lines: Sequence[ProvedLine]) -> Money | None:
    """The deposit lines of the journals that QuickBooks has taken; None where it has taken none."""
    taken = [line for line in lines if line.quickbooks_id]
    if not taken:
        return None
    return sum_of((line.drafted for line in taken if line.stands_for is StandsFor.DEPOSIT), proof.tie.currency)


def _row(proof: SettlementProof, lines: Sequence[ProvedLine], findings: int, address: str) -> Row:
    settlement, tie = proof.settlement, proof.tie
    zone = settlement.time_zone
    held = tie.quickbooks_total
    return [
        Link(tie.settlement_id, "Settlements", address),
        tie.marketplace,
        tie.currency,
        local_day(settlement.start, zone),
        local_day(settlement.end, zone),
        local_day(settlement.deposit, zone) if settlement.deposit else None,
        tie.amazon_total,
        tie.rows_total,
        posted_total(proof, lines),
        held,
        None if held is None else tie.amazon_total - held,
        changed(proof, lines),
        "Yes" if agrees(proof, lines) else "No",
        proof.state,
        Link(str(findings), exceptions.NAME, "A5") if findings else None,
    ]


def totals_rows(proofs: Sequence[SettlementProof], lines: Sequence[Sequence[ProvedLine]]) -> list[Row]:
    """One row a currency, in the order in which they come."""
    rows: list[Row] = []
    for currency in dict.fromkeys(proof.tie.currency for proof in proofs):
        mine = [(proof, its) for proof, its in zip(proofs, lines, strict=True) if proof.tie.currency == currency]
        amazon = sum_of((proof.tie.amazon_total for proof, _ in mine), currency)
        held = sum_of((proof.tie.quickbooks_total for proof, _ in mine), currency)
        rows.append(
            [
                currency,
                amazon,
                sum_of((proof.tie.rows_total for proof, _ in mine), currency),
                sum_of((posted_total(*each) for each in mine), currency),
                held,
                amazon - held,
            ]
        )
    return rows


def exception_rows(by_code: Sequence[tuple[str, Severity, int]]) -> list[Row]:
    """One row a code; where there are none, a row says so."""
    return [[code, severity.value, count] for code, severity, count in by_code] or [["None", None, 0]]
