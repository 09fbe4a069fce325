"""The kinds of line in a settlement: what each rule moved, and what no rule decides."""

from collections.abc import Iterable
from collections.abc import Mapping as Resolved
from dataclasses import dataclass

from tieout.domain.account import Group
from tieout.domain.money import Money
from tieout.domain.settlement import Kind, LineSum
from tieout.rules.destinations import Destination
from tieout.rules.fee_rule import FeeRule
from tieout.rules.mapping import Mapped, Unmapped


@dataclass(frozen=True, slots=True)
class UnmappedKind:
    """Lines that no rule decides, with a suggestion that decides nothing. `kind` names no marketplace."""

    kind: Kind
    rows: int
    amount: Money
    suggested_group: Group
    reason: str
    first_row: int
    conflict: tuple[FeeRule, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedKind:
    """Lines that a rule decides, and where they go. `form` says as what they were recognised, if by another form."""

    kind: Kind
    facilitated: bool
    rule: FeeRule
    group: Group
    account: str
    form: str
    rows: int
    amount: Money
    first_row: int


def unmapped_kinds(sums: Iterable[LineSum], resolved: Resolved[Kind, Mapped | Unmapped]) -> tuple[UnmappedKind, ...]:
    """The kinds without a rule, by their three words, in the order of their first row."""
    by_words: dict[Kind, UnmappedKind] = {}
    for s in sums:
        to = resolved[s.kind]
        if isinstance(to, Mapped):
            continue
        kind = Kind(s.kind.transaction_type, s.kind.amount_type, s.kind.amount_description)
        known = by_words.get(kind)
        by_words[kind] = UnmappedKind(
            kind=kind,
            rows=s.rows + (known.rows if known else 0),
            amount=s.amount + known.amount if known else s.amount,
            suggested_group=to.suggested_group,
            reason=to.reason,
            first_row=min(s.first_row, known.first_row) if known else s.first_row,
            conflict=to.conflict,
        )
    return tuple(sorted(by_words.values(), key=lambda kind: kind.first_row))


def mapped_kinds(known: Resolved[LineSum, Destination], mapped: Resolved[Kind, Mapped]) -> tuple[MappedKind, ...]:
    """What the rules decided, kind by kind, over all months."""
    return tuple(
        MappedKind(
            kind=s.kind,
            facilitated=s.facilitated,
            rule=mapped[s.kind].rule,
            group=to.group,
            account=to.account.name,
            form=mapped[s.kind].form,
            rows=s.rows,
            amount=s.amount,
            first_row=s.first_row,
        )
        for s, to in _joined(known).items()
    )


def _joined(known: Resolved[LineSum, Destination]) -> dict[LineSum, Destination]:
    """The sums of each kind, facilitated or not, over all months."""
    by_kind: dict[tuple[Kind, bool], list[LineSum]] = {}
    for s in known:
        by_kind.setdefault((s.kind, s.facilitated), []).append(s)
    return {
        LineSum(
            kind=kind,
            month=same[0].month,
            facilitated=facilitated,
            rows=sum(s.rows for s in same),
            amount=Money.total((s.amount for s in same), same[0].amount.currency),
            first_row=min(s.first_row for s in same),
        ): known[same[0]]
        for (kind, facilitated), same in sorted(by_kind.items())
    }
