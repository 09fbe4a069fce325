"""The tie-out of a settlement: what Amazon says, what its rows add up to, what we post, what the books hold.

Line amounts are signed as Amazon signs its rows: owed to the seller is positive (a credit), charged is negative (a
debit). The lines that balance a draft stand on the other side, so every column by group adds up to zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from tieout.domain.account import Group
from tieout.domain.books import BooksDocument
from tieout.domain.journal import Journal, Side
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.rules.draft_settlement import SettlementDraft

# A line's document, account and description: by these it is found again in the books.
_Place = tuple[str, str, str]

# Where a settlement's total goes; carry-forward is between its own parts and nets to zero.
TOTAL_GROUPS = frozenset({Group.BANK, Group.CARD, Group.CLEARING})


@dataclass(frozen=True, slots=True)
class LineTie:
    """The lines of one document that have one account, description and group: as drafted, and as the books hold them.

    `group` is None for lines in the books that are not of our draft; `held` is None where nothing was read back.
    Books know no groups: where two groups share an account and a description, what differs stands in the first.
    """

    doc_number: str
    account: str
    description: str
    group: Group | None
    drafted: Money
    held: Money | None

    @property
    def difference(self) -> Money:
        """Drafted less held; zero where nothing was read back."""
        return self.drafted - self.held if self.held is not None else Money.zero(self.drafted.currency)


@dataclass(frozen=True, slots=True)
class DayTie:
    """A document that the books hold under another day than it was posted for."""

    doc_number: str
    posted: date
    held: date


@dataclass(frozen=True, slots=True)
class DocumentTie:
    """A document that the books hold otherwise than it was sent, in words: an invoice it paid, a note, a tax code."""

    doc_number: str
    told: str


@dataclass(frozen=True, slots=True)
class GroupTie:
    """One group three ways: Amazon's rows, our drafts, the books. `group` is None for lines that are not ours."""

    group: Group | None
    amazon: Money
    tieout: Money
    quickbooks: Money | None

    @property
    def difference(self) -> Money:
        """Amazon less the books, or less our drafts where nothing was read back."""
        return self.amazon - (self.quickbooks if self.quickbooks is not None else self.tieout)


@dataclass(frozen=True, slots=True)
class TieOut:
    """A settlement's totals, four ways, and what explains a difference.

    `posted_total` is what the drafts' bank, clearing or card line says; None where nothing could be drafted.
    `quickbooks_total` is the same line as the books hold it; None where nothing was read back. `days` are the
    documents that stand under another day: their money is right, and perhaps in the wrong month. `changes` are those
    that say something else than they were sent to, whether or not money moved by it.
    """

    settlement_id: str
    marketplace: str
    currency: str
    amazon_total: Money
    rows_total: Money
    posted_total: Money | None
    quickbooks_total: Money | None
    groups: tuple[GroupTie, ...]
    lines: tuple[LineTie, ...]
    days: tuple[DayTie, ...] = ()
    changes: tuple[DocumentTie, ...] = ()

    @property
    def difference(self) -> Money:
        """Amazon's total less the last figure that is known: the books', else the drafts', else the rows'."""
        known = next((t for t in (self.quickbooks_total, self.posted_total) if t is not None), self.rows_total)
        return self.amazon_total - known

    @property
    def explained(self) -> tuple[LineTie, ...]:
        """The lines that the books hold otherwise than they were drafted."""
        return tuple(line for line in self.lines if line.difference)

    @property
    def as_posted(self) -> bool:
        """Whether the books were read back, and hold everything as it was posted."""
        same = self.quickbooks_total is not None and self.quickbooks_total == self.posted_total
        return same and not self.explained and not self.days and not self.changes

    @property
    def ties(self) -> bool:
        """Whether all four totals are known and equal, and no document of the books differs.

        What is as it was posted and does not tie is what a person chose to record nowhere (an order ignored).
        """
        totals = {self.amazon_total, self.rows_total, self.posted_total, self.quickbooks_total}
        return totals == {self.amazon_total} and self.as_posted


def tie_out(
    settlement: Settlement,
    draft: SettlementDraft,
    held: Sequence[BooksDocument] | None = None,
    account_names: Mapping[str, str] | None = None,
    changes: Sequence[DocumentTie] = (),
) -> TieOut:
    """Compare a settlement with its draft and, where they were read back, with the documents that the books hold.

    `held` are the documents under the draft's numbers, all of them: one that stands there twice counts twice.
    `account_names` gives the accounts' names by id, for lines that bear none; `changes` what else differs.
    """
    lines = _line_ties(settlement.currency, draft.journals, held, account_names or {})
    totals = [line for line in lines if line.group in TOTAL_GROUPS]
    nothing = Money.zero(settlement.currency)
    return TieOut(
        settlement_id=settlement.settlement_id,
        marketplace=settlement.marketplace,
        currency=settlement.currency,
        amazon_total=settlement.total,
        rows_total=settlement.sum_of_rows,
        posted_total=-_sum((line.drafted for line in totals), nothing) if draft.journals else None,
        quickbooks_total=(
            -_sum((line.held for line in totals if line.held is not None), nothing) if held is not None else None
        ),
        groups=_group_ties(settlement, draft, lines, read_back=held is not None),
        lines=lines,
        days=_day_ties(draft.journals, held or ()),
        changes=tuple(changes),
    )


def _day_ties(journals: Iterable[Journal], held: Iterable[BooksDocument]) -> tuple[DayTie, ...]:
    days = {journal.doc_number: journal.day for journal in journals}
    return tuple(
        DayTie(document.doc_number, days[document.doc_number], document.day)
        for document in held
        if days.get(document.doc_number, document.day) != document.day
    )


def _line_ties(
    currency: str,
    journals: Iterable[Journal],
    held: Sequence[BooksDocument] | None,
    account_names: Mapping[str, str],
) -> tuple[LineTie, ...]:
    nothing = Money.zero(currency)
    drafted: dict[_Place, dict[Group, Money]] = {}
    in_books: dict[_Place, Money] = defaultdict(lambda: nothing)
    for journal in journals:
        for line in journal.lines:
            by_group = drafted.setdefault(_place(journal.doc_number, line.account, line.description), {})
            by_group[line.group] = by_group.get(line.group, nothing) + Money(-line.signed_minor, currency)
    for document in held or ():
        if document.currency != currency:
            continue  # not what we posted: all of ours is missing, and the difference says so
        for held_line in document.lines:
            account = account_names.get(held_line.account_id) or held_line.account_name or held_line.account_id
            place = _place(document.doc_number, account, held_line.description)
            in_books[place] += held_line.amount if held_line.side is Side.CREDIT else -held_line.amount
    return tuple(
        tie
        for place in dict.fromkeys([*drafted, *in_books])
        for tie in _ties_at(place, drafted.get(place, {}), None if held is None else in_books[place], nothing)
    )


def _ties_at(place: _Place, drafted: Mapping[Group, Money], held: Money | None, nothing: Money) -> Iterable[LineTie]:
    """What stands at one place, group by group; what the books have beyond our draft counts to the first."""
    beyond = None if held is None else held - _sum(drafted.values(), nothing)
    for group, amount in drafted.items():
        yield LineTie(*place, group, amount, None if beyond is None else amount + beyond)
        beyond = None if beyond is None else nothing
    if not drafted:
        yield LineTie(*place, None, nothing, held)


def _place(doc_number: str, account: str, description: str) -> _Place:
    return doc_number, account, " ".join(description.split())


def _group_ties(
    settlement: Settlement, draft: SettlementDraft, lines: Sequence[LineTie], *, read_back: bool
) -> tuple[GroupTie, ...]:
    """Each group that has a line, in the order of groups; what is in the books and not ours comes last."""
    nothing = Money.zero(settlement.currency)
    amazon: dict[Group, Money] = defaultdict(lambda: nothing)
    for kind in draft.mapped:
        amazon[kind.group] += kind.amount
    of_total = {line.group for line in lines if line.group in TOTAL_GROUPS}
    total_group = next((group for group in Group if group in of_total), None)
    if total_group is not None:  # what passes through clearing on its way to the bank nets to zero there
        amazon[total_group] = -settlement.total
    present = {*amazon, *(line.group for line in lines)}
    order: list[Group | None] = [group for group in Group if group in present]
    if None in present:
        order.append(None)
    ties = []
    for group in order:
        own = [line for line in lines if line.group is group]
        held = _sum((line.held for line in own if line.held is not None), nothing)
        ties.append(
            GroupTie(
                group=group,
                amazon=amazon[group] if group is not None else nothing,
                tieout=_sum((line.drafted for line in own), nothing),
                quickbooks=held if read_back else None,
            )
        )
    return tuple(ties)


def _sum(amounts: Iterable[Money], nothing: Money) -> Money:
    return reduce(Money.__add__, amounts, nothing)
