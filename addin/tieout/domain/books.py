"""What the books hold, as any accounting program might say it: company, preferences, accounts, documents.

`differences` compares a document as we sent it with the document as the books hold it, to the minor unit.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime

from tieout.domain.journal import Side
from tieout.domain.money import Money
from tieout.domain.private_note import MARKED, is_same_note, plain, read_note


@dataclass(frozen=True, slots=True)
class BooksCompany:
    """The company file: `realm_id` is its identity, `name` what the person calls it, `country` its edition."""

    realm_id: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class BooksPreferences:
    """The preferences that decide whether a document can be posted.

    `closed_until` is the last closed day (BookCloseDate), None where no period is closed or the books do not say.
    `classes` and `locations` say whether they are turned on.
    """

    home_currency: str
    multicurrency: bool
    closed_until: date | None = None
    classes: bool = True
    locations: bool = True


@dataclass(frozen=True, slots=True)
class BooksAccount:
    """An account of the books. `full_name` holds its parents ("Amazon:Fees"); names are unique where active."""

    id: str
    name: str
    full_name: str
    account_type: str
    detail_type: str
    currency: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class BooksTaxCode:
    """A tax code of the books; `zero_rated` where it adds no tax, on sales nor on purchases.

    `sales` and `purchases` are the rates it adds, in millionths of the net price; None where it has no such side.
    """

    id: str
    name: str
    zero_rated: bool
    description: str = ""
    sales: int | None = None
    purchases: int | None = None


@dataclass(frozen=True, slots=True)
class BooksLine:
    """A line of a document in the books: side (None where its kind of document has none), amount, account by id."""

    side: Side | None
    amount: Money
    account_id: str
    description: str = ""
    tax_code_id: str = ""
    class_id: str = ""
    location_id: str = ""
    account_name: str = field(default="", compare=False)

    def place(self, names: Mapping[str, str]) -> str:
        """The line in words: "Debit 12.50 to Amazon Sales"."""
        account = names.get(self.account_id) or self.account_name or f"account {self.account_id}"
        return f"{self.side.value if self.side else 'Line'} {self.amount} to {account}"


@dataclass(frozen=True, slots=True)
class BooksDocument:
    """A document as the books hold it, or as it is about to be sent (no `id` and `sync_token` then).

    `note` is the private note with our marker in it; `total` the sum of its debits, or its own total.
    """

    entity: str
    doc_number: str
    day: date
    currency: str
    total: Money
    note: str
    lines: tuple[BooksLine, ...]
    id: str = ""
    sync_token: str = ""
    intuit_tid: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document of ours that the books hold, and the bytes that would post it as it stands there."""

    document: BooksDocument
    body: bytes


@dataclass(frozen=True, slots=True)
class BooksChange:
    """That a document changed since a moment: `document` is None where it was deleted."""

    entity: str
    id: str
    document: BooksDocument | None
    changed: datetime | None = None


def differences(
    sent: BooksDocument, held: BooksDocument, names: Mapping[str, str], *, untouched: bool = False
) -> tuple[str, ...]:
    """What the books hold otherwise than it was sent, a phrase each; empty if they agree to the minor unit.

    Compared are number, day, currency, private note, and every line (side, amount, account, description, tax
    code, class, location), in any order. `names` gives accounts by id, for the phrases. In a version that nobody
    touched since it was sent, a tax code on a line that stated none was put there by the books themselves, and is
    none of ours to judge.
    """
    found = [
        f"{what} is {theirs or 'empty'} instead of {ours or 'empty'}"
        for what, ours, theirs in (
            ("its number", sent.doc_number, held.doc_number),
            ("its date", sent.day.isoformat(), held.day.isoformat()),
            ("its currency", sent.currency, held.currency),
        )
        if ours != theirs
    ]
    if not is_same_note(sent.note, held.note):
        found.append(f"its private note is {plain(held.note) or 'empty'} instead of {plain(sent.note) or 'empty'}")
    ours = Counter(_comparable(line) for line in sent.lines)
    theirs = Counter(_comparable(line) for line in _as_stated(sent, held.lines, untouched=untouched))
    added = list((theirs - ours).elements())
    for line in (ours - theirs).elements():
        now = next((each for each in added if _place(each) == _place(line)), None)
        if now is None:
            found.append(f"missing: {_described(line, names)}")
        else:
            added.remove(now)
            found.append(f"{_described(now, names)} instead of {line.side.value if line.side else ''} {line.amount}")
    found += [f"not ours: {_described(line, names)}" for line in added]
    return tuple(found)


def seal_of(document: BooksDocument) -> str:
    """The beginning of a hash over what a document says: all that `differences` compares, but for the seal itself."""
    note = read_note(document.note)
    told = (plain(document.note),) if note is None else astuple(replace(note, seal=""))
    head = (document.entity, document.doc_number, document.day.isoformat(), document.currency, *map(str, told))
    lines = sorted(_sealed_line(_comparable(line)) for line in document.lines)
    return hashlib.sha256("\n".join(("\t".join(head), *lines)).encode("utf-8")).hexdigest()[:MARKED]


def is_sealed(document: BooksDocument) -> bool:
    """Whether a document says what its note's seal was put on; False where there is no seal."""
    note = read_note(document.note)
    return note is not None and note.seal == seal_of(document)


def _sealed_line(line: BooksLine) -> str:
    side = line.side.value if line.side else ""
    placed = (line.location_id,) if line.location_id else ()
    told = (side, str(line.amount), line.account_id, line.description, line.tax_code_id, line.class_id, *placed)
    return "\t".join(told)


def _as_stated(sent: BooksDocument, lines: Iterable[BooksLine], *, untouched: bool) -> Iterable[BooksLine]:
    if not untouched or any(line.tax_code_id for line in sent.lines):
        return lines
    return (replace(line, tax_code_id="") for line in lines)


def _place(line: BooksLine) -> tuple[str, str]:
    """What makes two lines the same line with another amount."""
    return line.account_id, line.description


def _comparable(line: BooksLine) -> BooksLine:
    description = plain(line.description)
    return BooksLine(
        line.side, line.amount, line.account_id, description, line.tax_code_id, line.class_id, line.location_id
    )


def _described(line: BooksLine, names: Mapping[str, str]) -> str:
    return f"{line.place(names)} ({line.description})" if line.description else line.place(names)
