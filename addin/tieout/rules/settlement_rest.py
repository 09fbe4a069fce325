"""What is left of a settlement when its orders and refunds have documents of their own: fees, reserve and the rest.

Every row is in exactly one place (rule 2): an order's own lines in what pays its document, a refund's in its
document, everything else here, by kind and month.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tieout.domain.money import Money
from tieout.domain.settlement import Kind, LineSum, SettlementLines
from tieout.rules.order_kinds import OrderKinds

_NO_ORDERS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Documented:
    """The orders whose lines, and whose refunds' lines, are recorded elsewhere (or on purpose nowhere).

    `beside`: orders whose withheld tax is posted here all the same, because their document holds it.
    """

    orders: frozenset[str]
    refunds: frozenset[str]
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Share:
    """Kinds that are treated alike: lines of the orders `out` are elsewhere; tax of `marked` orders is marked."""

    kinds: frozenset[Kind]
    out: frozenset[str]
    marked: frozenset[str]
    tax: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Rest:
    """The lines left over, by kind and month, tax of facilitated orders marked as rule 8 wants it.

    `beside` are lines of withheld tax that the documents of their orders hold.
    """

    lines: SettlementLines
    sums: tuple[LineSum, ...]
    beside: tuple[LineSum, ...]
    shares: tuple[_Share, ...]
    documented: Documented
    withheld: frozenset[Kind]

    def total(self, currency: str) -> Money:
        """What they come to."""
        return Money.total((line.amount for line in (*self.sums, *self.beside)), currency)

    def rows_of(self, source: LineSum) -> tuple[int, ...]:
        """The row numbers behind one of `sums` or `beside`, rising."""
        if source in self.beside:
            at = (source.kind, source.month, True, self.documented.beside, self.withheld)
            return tuple(self.lines.rows_of(*at))
        share = next(share for share in self.shares if source.kind in share.kinds)
        marked = self.lines.rows_of(source.kind, source.month, True, share.marked, share.tax)
        if source.facilitated:
            return tuple(marked)
        return _without(self.lines.rows_of(source.kind, source.month, False, share.out, share.kinds), marked)


def rest_of(lines: SettlementLines, kinds: OrderKinds, documented: Documented, facilitated: frozenset[str]) -> Rest:
    """The lines that no document of an order or refund has. `facilitated`: the orders whose tax Amazon withheld."""
    of_sales, of_refunds = kinds.sale | kinds.sale_withheld, kinds.refund | kinds.refund_withheld
    others = frozenset(lines.kinds()) - of_sales - of_refunds
    shares = tuple(
        _Share(of, out, facilitated - out, of & kinds.all_tax)
        for of, out in ((of_sales, documented.orders), (of_refunds, documented.refunds), (others, _NO_ORDERS))
        if of
    )
    sums = [each for share in shares for each in _sums(lines, share)]
    beside = lines.sums(documented.beside, kinds.sale_withheld) if documented.beside else ()
    return Rest(
        lines=lines,
        sums=tuple(sorted(sums, key=lambda each: (each.first_row, each.kind, each.month, each.facilitated))),
        beside=tuple(each for each in beside if each.facilitated),
        shares=shares,
        documented=documented,
        withheld=kinds.sale_withheld,
    )


def _sums(lines: SettlementLines, share: _Share) -> Iterator[LineSum]:
    """The sums of a share's lines that are not elsewhere: marked ones, and what is left of the others."""
    marked = {
        (each.kind, each.month): each for each in lines.sums(share.marked, share.tax) if each.facilitated
    }  # fmt: skip
    yield from marked.values()
    for each in lines.sums(share.out, share.kinds):
        if each.facilitated or each.kind not in share.kinds:
            continue
        taken = marked.get((each.kind, each.month))
        if taken is None:
            yield each
        elif each.rows > taken.rows:
            rows = _without(
                lines.rows_of(each.kind, each.month, False, share.out, share.kinds),
                lines.rows_of(each.kind, each.month, True, share.marked, share.tax),
            )
            yield replace(each, rows=each.rows - taken.rows, amount=each.amount - taken.amount, first_row=min(rows))


def _without(rows: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
    """Rows that are not among others."""
    out = frozenset(others)
    return tuple(row for row in rows if row not in out)
