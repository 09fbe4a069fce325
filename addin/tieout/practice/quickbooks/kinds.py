"""What the server knows of each kind of object: its shape, its rules, its postings, its queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.ledger import Posting
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import Shape

if TYPE_CHECKING:
    from tieout.practice.quickbooks.company import Company


def _no_postings(_company: "Company", _record: Record) -> Sequence[Posting]:
    return ()


def _nothing_more(_company: "Company", _bodies: Sequence[Doc]) -> None:
    return None


def _no_effect(_company: "Company", _record: Record, _before: Record | None) -> None:
    return None


def _no_objection(_company: "Company", _record: Record, _operation: str) -> None:
    return None


def _nothing_to_undo(_company: "Company", _record: Record) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object.

    `complete` checks a clean document against the business rules and fills what QuickBooks computes; `postings`
    are its ledger entries; `present` adds what is computed when it is read; `effect` runs after it is stored
    (links, balances of others); `guard` refuses the update, delete or void that its links forbid; `undo` takes its
    effects on others back before it is deleted, voided or stored anew.
    """

    name: str
    shape: Shape
    sequence: str
    complete: Callable[["Company", Doc, Record | None], None]
    queryable: frozenset[str]
    is_transaction: bool = False
    duplicate_warning: str | None = None
    numbered: bool = False
    deletable: bool = False
    voidable: bool = False
    loses_lines_when_void: bool = False
    creatable: bool = True
    postings: Callable[["Company", Record], Sequence[Posting]] = _no_postings
    present: Callable[["Company", Sequence[Doc]], None] = _nothing_more
    effect: Callable[["Company", Record, Record | None], None] = _no_effect
    guard: Callable[["Company", Record, str], None] = _no_objection
    undo: Callable[["Company", Record], None] = _nothing_to_undo
    sparse_requires: tuple[str, ...] = field(default=())


STAMPS = frozenset({"Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime"})
"""What every object can be queried by."""
