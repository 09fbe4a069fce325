"""Which rows a table shall have: those that stay, found again by key, those that go, those that are new."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tieout.sheets.cell_values import raw
from tieout.sheets.layout import TableLayout
from tieout.sheets.port import Gone, RawValue, Refresh, Row, plain_text
from tieout.sheets.table_cells import TableCells

Key = tuple[str, ...]


@dataclass(slots=True)
class Slot:
    """A row as it shall stand: where in the body it was (None for a new one), what it shall hold (None: as it is)."""

    old: int | None
    row: Row | None
    changes: bool = False


@dataclass(slots=True)
class Plan:
    """The rows as they shall stand, how many of them are new, and how many rows with something in them go."""

    slots: list[Slot]
    fresh: int
    removed: int
    newest_first: bool

    @property
    def kept(self) -> list[int]:
        """Where the rows that stay were, in the order in which they shall stand."""
        return [slot.old for slot in self.slots if slot.old is not None]

    @property
    def fresh_rows(self) -> range:
        """The positions of the new rows."""
        first = 0 if self.newest_first else len(self.slots) - self.fresh
        return range(first, first + self.fresh)

    @property
    def pushes(self) -> bool:
        """Whether new rows push the others down."""
        return bool(self.newest_first and self.fresh and len(self.slots) > self.fresh)


def plan_rows(cells: TableCells, wanted: Refresh) -> Plan:
    """The rows that `wanted` asks for, in the order in which the user has those that are there."""
    rows = {key_of(cells.layout, row): row for row in wanted.rows}
    places = [cells.places[key] for key in cells.layout.key]
    users = cells.user_places()
    met: set[Key] = set()
    kept: list[Slot] = []
    for number, line in enumerate(cells.body):
        key = tuple(plain_text(line[place]) for place in places)
        if key in rows:
            met.add(key)
            kept.append(Slot(number, rows[key]))
        elif key not in wanted.leaving and _stays(line, key, wanted.gone, users):
            kept.append(Slot(number, None))
    while kept and cells.is_blank(cells.body[kept[-1].old or 0]):
        kept.pop()
    fresh = [Slot(None, row) for key, row in rows.items() if key not in met]
    slots = ([*fresh, *kept] if wanted.newest_first else [*kept, *fresh])[: wanted.rows_max]
    plan = Plan(slots, sum(slot.old is None for slot in slots), 0, wanted.newest_first)
    stays = set(plan.kept)
    plan.removed = sum(number not in stays and not cells.is_blank(line) for number, line in enumerate(cells.body))
    return plan


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rising numbers as runs of neighbours, ends included."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run.append(number)
    if run:
        yield run[0], run[-1]


def _stays(line: Sequence[RawValue], key: Key, gone: Gone, users: Sequence[int]) -> bool:
    """Whether a row that is not asked for stays. A row without a key in which the user wrote is his, and stays."""
    if gone is Gone.KEPT:
        return True
    used = any(line[place] not in {None, ""} for place in users)
    return used and (gone is Gone.KEPT_IF_USED or not any(key))


def key_of(layout: TableLayout, row: Row) -> Key:
    """The key of a row, as its cells would give it."""
    return tuple(_told(raw(row.get(key))) for key in layout.key)


def _told(value: RawValue) -> str:
    return plain_text(value.removeprefix("'") if isinstance(value, str) else value)
