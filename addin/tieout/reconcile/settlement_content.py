"""What a settlement says, whoever reads it: for telling one known settlement from another under the same id (rule 5).

It hangs on Amazon's rows alone: neither on the clock that decides months, nor on whose account a person said it is,
nor on a file's spelling (encoding, order of columns, compression, a spreadsheet that damaged ids).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tieout.domain.money import Money
from tieout.domain.settlement import Settlement

# How many differences a person is told of; the first ones tell what happened.
_TOLD_MAX = 3
# Amazon's own order ids. Other references (shipments, removals) are numbers that a spreadsheet can damage.
_ORDER_ID = re.compile(r"[0-9]{3}-[0-9]{7}-[0-9]{7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Sum:
    """Some rows: how many, and their sum in minor units."""

    rows: int
    minor: int


_NONE = _Sum(0, 0)
# The words of a kind as mappings compare them, and the marketplace it names.
_Words = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class SettlementContent:
    """A settlement's head, and its rows summed by kind and UTC day and by order."""

    settlement: Settlement
    of_kinds: Mapping[tuple[_Words, date], _Sum]
    of_orders: Mapping[str, _Sum]
    shown: Mapping[_Words, str]

    @classmethod
    def of(cls, settlement: Settlement) -> "SettlementContent":
        """The content of a settlement."""
        of_kinds: dict[tuple[_Words, date], _Sum] = {}
        shown: dict[_Words, str] = {}
        for one in settlement.lines.day_sums():
            words = (*one.kind.folded(), one.kind.marketplace_name)
            shown.setdefault(words, str(one.kind))
            before = of_kinds.get((words, one.day), _NONE)
            of_kinds[words, one.day] = _Sum(before.rows + one.rows, before.minor + one.amount.minor)
        every = frozenset(settlement.lines.kinds())
        of_orders = {
            one.order_id: _Sum(one.rows, one.amount.minor)
            for one in settlement.lines.order_sums(every)
            if _ORDER_ID.fullmatch(one.order_id)
        }
        return cls(settlement, of_kinds, of_orders, shown)

    @property
    def hash(self) -> str:
        """The SHA-256 of all of it; another form of content would have another for everything."""
        head = self.settlement
        digest = hashlib.sha256(
            "\n".join(
                (
                    "settlement content 2",
                    head.settlement_id,
                    head.currency,
                    _as_written(head.start),
                    _as_written(head.end),
                    str(head.total.minor),
                )
            ).encode()
        )
        for (words, day), one in sorted(self.of_kinds.items()):
            digest.update("\x1f".join(("", *words, str(day), str(one.rows), str(one.minor))).encode())
        for order_id, one in sorted(self.of_orders.items()):
            digest.update(f"\x1e{order_id}\x1f{one.rows}\x1f{one.minor}".encode())
        return digest.hexdigest()


def content_differences(known: Settlement, other: Settlement) -> tuple[str, ...]:
    """What two settlements of one id do not agree on, as sentences for a person; none where they are the same.

    The withdrawn V1 layout has words, dates and empty rows of its own: where one of the two is of it, the total and
    each order's sum decide.
    """
    old, new = SettlementContent.of(known), SettlementContent.of(other)
    is_one_layout = known.layout == other.layout
    found = [*_heads(known, other, is_one_layout=is_one_layout)]
    if is_one_layout:
        found += _rows(old, new)
    found += _orders(old, new, is_one_layout=is_one_layout)
    if len(found) > _TOLD_MAX:
        return (*found[:_TOLD_MAX], f"and {len(found) - _TOLD_MAX:,} more")
    return tuple(found)


def _heads(known: Settlement, other: Settlement, *, is_one_layout: bool) -> Iterator[str]:
    if known.total != other.total:
        yield f"the total was {known.total} and is {other.total}"
    if not is_one_layout:
        return
    for name in ("start", "end"):
        before, after = _as_written(getattr(known, name)), _as_written(getattr(other, name))
        if before != after:
            yield f"the {name} was {before} and is {after}"


def _rows(old: SettlementContent, new: SettlementContent) -> Iterator[str]:
    """Kinds whose rows differ; where their figures agree over all days, the days that differ."""
    currency = old.settlement.currency
    for words in sorted({key[0] for key in (*old.of_kinds, *new.of_kinds)}):
        name = old.shown.get(words) or new.shown[words]
        where = f" of {words[3]}" if words[3] else ""
        before, after = _over_days(old, words), _over_days(new, words)
        if before != after:
            yield f"{name}{where} was {_told(before, currency)} and is {_told(after, currency)}"
            continue
        for day in sorted({key[1] for key in (*old.of_kinds, *new.of_kinds) if key[0] == words}):
            before, after = old.of_kinds.get((words, day), _NONE), new.of_kinds.get((words, day), _NONE)
            if before != after:
                yield f"{name}{where} on {day} was {_told(before, currency)} and is {_told(after, currency)}"


def _over_days(content: SettlementContent, words: _Words) -> _Sum:
    of_words = [one for key, one in content.of_kinds.items() if key[0] == words]
    return _Sum(sum(one.rows for one in of_words), sum(one.minor for one in of_words))


def _orders(old: SettlementContent, new: SettlementContent, *, is_one_layout: bool) -> Iterator[str]:
    currency = old.settlement.currency
    for order_id in sorted({*old.of_orders, *new.of_orders}):
        before, after = old.of_orders.get(order_id, _NONE), new.of_orders.get(order_id, _NONE)
        if before != after if is_one_layout else before.minor != after.minor:
            yield f"order {order_id} was {_told(before, currency)} and is {_told(after, currency)}"


def _told(one: _Sum, currency: str) -> str:
    if not one.rows:
        return "not there"
    return f"{one.rows:,} {'row' if one.rows == 1 else 'rows'} of {Money(one.minor, currency)}"


def _as_written(moment: datetime) -> str:
    """A moment as the file gave it. A date without a time was made one by the clock of months: it stays that date."""
    plain = moment if isinstance(moment.tzinfo, ZoneInfo) else moment.astimezone(UTC)
    return plain.replace(tzinfo=None).isoformat(" ")
