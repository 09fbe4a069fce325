"""The lines of one settlement in columns of whole numbers (polars), and the sums that rules ask of them.

A line costs 32 bytes here; everything else of it is read again from the document when it is asked for, so that a
million lines stay columns until a sheet or a proof wants them one by one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tieout.domain.calendar import Month
from tieout.domain.document import Document
from tieout.domain.money import Money
from tieout.domain.settlement import DaySum, Kind, LineSum, OrderKindSum, OrderSum, SettlementLine
from tieout.parse.delimited import DelimitedText, delimit
from tieout.parse.encodings import DecodedText, decode
from tieout.parse.settlement_columns import SettlementColumns, fold_column
from tieout.parse.settlement_rows import BLANKS

if TYPE_CHECKING:
    import polars as pl

_LINES_A_PIECE = 20_000


@dataclass(frozen=True, slots=True)
class SettlementTable:
    """A settlement's lines in the file's order; fulfils `tieout.domain.settlement.SettlementLines`.

    `frame`: "row" (the file's line number), "kind" (a key of `kind_of`), "order-id" (categories; null where blank),
    "minor" (minor units of `currency`), "day" (the civil day that decides the month), "utc-day" (Amazon's own).
    """

    document: Document
    columns: SettlementColumns
    currency: str
    frame: "pl.DataFrame"
    kind_of: Mapping[int, Kind]
    _codes_of: dict[frozenset[str], "pl.Series"] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return self.frame.height

    def kinds(self) -> tuple[Kind, ...]:
        """The distinct kinds, in the order of their first row."""
        return tuple(dict.fromkeys(self.kind_of.values()))

    def orders_with(self, kinds: frozenset[Kind]) -> frozenset[str]:
        """The ids of the orders that have a line of one of `kinds`."""
        import polars as pl

        orders = self.frame.filter(self._is_of(kinds))["order-id"].unique().drop_nulls()
        found = frozenset(orders.cast(pl.String).to_list())
        # Most sums that are asked for next are by these very orders.
        self._codes_of[found] = orders.to_physical()
        return found

    def order_sums(self, kinds: frozenset[Kind], *, nonzero_only: bool = False) -> Iterator[OrderSum]:
        """The sum of each order's lines of `kinds`, in the order of their first row; blank order ids left out.

        `nonzero_only` leaves out the orders whose lines cancel, before a record is made of any.
        """
        import polars as pl

        of_orders = self.frame.filter(self._is_of(kinds) & pl.col("order-id").is_not_null())
        sums = of_orders.group_by("order-id").agg(*_totals()).sort("first")
        if nonzero_only:
            sums = sums.filter(pl.col("minor") != 0)
        for order_id, minor, rows, first in sums.with_columns(pl.col("order-id").cast(pl.String)).iter_rows():
            yield OrderSum(order_id, Money(minor, self.currency), rows, first)

    def order_kind_sums(self, kinds: frozenset[Kind]) -> Iterator[OrderKindSum]:
        """The sums of each order's lines of `kinds`, by kind and month; blank order ids left out."""
        import polars as pl

        of_orders = self.frame.filter(self._is_of(kinds) & pl.col("order-id").is_not_null())
        keyed = of_orders.with_columns(pl.col("day").dt.month_start().alias("month"))
        sums = keyed.group_by("order-id", "kind", "month").agg(*_totals(), pl.col("day").max())
        for order_id, key, month, minor, rows, first, last in sums.with_columns(
            pl.col("order-id").cast(pl.String)
        ).iter_rows():
            amount = Money(minor, self.currency)
            yield OrderKindSum(order_id, self.kind_of[key], Month.of(month), amount, rows, first, last)

    def sums(self, facilitated_orders: frozenset[str], facilitated_kinds: frozenset[Kind]) -> tuple[LineSum, ...]:
        """Lines summed by kind, month and whether they are of `facilitated_kinds` and of a facilitated order.

        In the order of their first row; together they hold every line exactly once.
        """
        keyed = self._keyed(facilitated_orders, facilitated_kinds)
        sums = keyed.group_by("kind", "month", "facilitated").agg(*_totals())
        merged: dict[tuple[Kind, Month, bool], tuple[int, int, int]] = {}
        for key, first_day, facilitated, minor, rows, first in sums.iter_rows():
            # Words of V1 that differ can make one kind.
            group = (self.kind_of[key], Month.of(first_day), facilitated)
            before = merged.get(group, (0, 0, first))
            merged[group] = (before[0] + minor, before[1] + rows, min(before[2], first))
        line_sums = (
            LineSum(kind, month, facilitated, rows, Money(minor, self.currency), first)
            for (kind, month, facilitated), (minor, rows, first) in merged.items()
        )
        return tuple(sorted(line_sums, key=lambda s: (s.first_row, s.kind, s.month, s.facilitated)))

    def day_sums(self) -> Iterator[DaySum]:
        """Lines summed by kind and UTC day; together they hold every line exactly once."""
        import polars as pl

        sums = self.frame.group_by("kind", "utc-day").agg(pl.col("minor").sum(), pl.len().alias("rows"))
        for key, day, minor, rows in sums.iter_rows():
            yield DaySum(self.kind_of[key], day, rows, Money(minor, self.currency))

    def rows_of(
        self,
        kind: Kind,
        month: Month,
        facilitated: bool,
        facilitated_orders: frozenset[str],
        facilitated_kinds: frozenset[Kind],
    ) -> list[int]:
        """The row numbers behind one `LineSum`, rising; a V1 row with two amounts of the kind comes twice."""
        import polars as pl

        keyed = self._keyed(facilitated_orders, facilitated_kinds)
        chosen = keyed.filter(
            self._is_of(frozenset({kind})),
            pl.col("month") == month.first_day,
            pl.col("facilitated") == facilitated,
        )
        rows: list[int] = chosen["row"].to_list()
        return rows

    def lines(self) -> Iterator[SettlementLine]:
        """Every line whole, in the file's order; the document's text is read again for it."""
        rows = self._text().rows()
        names = [fold_column(name) for name in next(rows)[1]]
        row, fields = 0, list[str]()
        for piece in self.frame.select("row", "kind", "minor", "day").iter_slices(_LINES_A_PIECE):
            for line_row, key, minor, day in piece.iter_rows():
                while row < line_row:
                    row, fields = next(rows)
                filled = fields + [""] * (len(names) - len(fields))
                yield SettlementLine(
                    row=row,
                    kind=self.kind_of[key],
                    amount=Money(minor, self.currency),
                    posted=day,
                    order_id=self.columns.field(fields, "order-id").strip(BLANKS),
                    sku=self.columns.field(fields, "sku"),
                    fields=tuple(zip(names, filled, strict=False)),
                )

    def _text(self) -> DelimitedText:
        decoded = decode(self.document)
        text = delimit(self.document, decoded) if isinstance(decoded, DecodedText) else decoded
        if not isinstance(text, DelimitedText):
            raise TypeError(f"{self.document.name} was read once and can't be read again")
        return text

    def _is_of(self, kinds: frozenset[Kind]) -> "pl.Expr":
        import polars as pl

        keys = [key for key, kind in self.kind_of.items() if kind in kinds]
        return pl.col("kind").is_in(pl.Series(keys, dtype=pl.UInt64).implode())

    def _keyed(self, orders: frozenset[str], kinds: frozenset[Kind]) -> "pl.DataFrame":
        """The frame with each line's month (its first day) and whether it is of a facilitated order and kind."""
        import polars as pl

        wanted = self._codes_of.get(orders)
        if wanted is None:
            wanted = pl.Series(list(orders), dtype=pl.String).cast(self.frame["order-id"].dtype).to_physical()
        of_orders = pl.col("order-id").to_physical().is_in(wanted.implode()).fill_null(value=False)
        return self.frame.with_columns(
            pl.col("day").dt.month_start().alias("month"),
            (of_orders & self._is_of(kinds)).alias("facilitated"),
        )


def _totals() -> tuple["pl.Expr", ...]:
    import polars as pl

    return pl.col("minor").sum(), pl.len().alias("rows"), pl.col("row").min().alias("first")
