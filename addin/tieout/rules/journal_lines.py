"""Sums of settlement lines into the lines of a draft, and the lines that balance it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tieout.domain.account import Account, Group
from tieout.domain.journal import JournalLine, Side
from tieout.domain.money import Money
from tieout.domain.settlement import LineSum
from tieout.rules.destinations import Destination

_GROUP_ORDER = {group: position for position, group in enumerate(Group)}


@dataclass(frozen=True, slots=True)
class _Sum:
    destination: Destination
    sources: list[LineSum]


def lines_of(sums: Iterable[LineSum], destination_of: Callable[[LineSum], Destination]) -> tuple[JournalLine, ...]:
    """One line for each destination, in the order of groups, then accounts, then names.

    Every sum is a source of exactly one line. Lines whose rows cancel are kept, with an amount of zero.
    """
    by_place: dict[tuple[object, ...], _Sum] = {}
    for lines in sums:
        to = destination_of(lines)
        place = (to.group, to.account.name, to.tax_code, to.class_name, to.fee)
        known = by_place.setdefault(place, _Sum(to, []))
        known.sources.append(lines)
        if to.name < known.destination.name:  # one fee in two spellings: the name does not hang on which came first
            by_place[place] = _Sum(to, known.sources)
    return in_order(_line(found.destination, found.sources) for found in by_place.values())


def in_order(lines: Iterable[JournalLine]) -> tuple[JournalLine, ...]:
    """Lines in the order a draft has them, whatever order its rows came in."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                _GROUP_ORDER[line.group],
                line.account,
                line.description,
                line.tax_code,
                line.class_name,
                tuple(source.kind for source in line.sources),
            ),
        )
    )


def credited(amount: Money, account: Account, group: Group, description: str) -> JournalLine:
    """A balancing line that credits an amount; a negative one is debited."""
    side = Side.DEBIT if amount.minor < 0 else Side.CREDIT
    return JournalLine(side, abs(amount), account.name, group, description, account.tax_code)


def _line(to: Destination, sources: list[LineSum]) -> JournalLine:
    in_kind_order = sorted(sources, key=lambda s: (s.kind, s.month, s.facilitated))
    amount = Money.total((s.amount for s in sources), sources[0].amount.currency)
    return JournalLine(
        side=Side.DEBIT if amount.minor < 0 else Side.CREDIT,
        amount=abs(amount),
        account=to.account.name,
        group=to.group,
        description=to.name,
        tax_code=to.tax_code,
        class_name=to.class_name,
        sources=tuple(in_kind_order),
    )
