"""The kinds of a settlement's lines: each distinct set of words made into a kind once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.domain.settlement import Kind
from tieout.limits import SETTLEMENT_KINDS_MAX
from tieout.parse.coded_words import distinct_texts
from tieout.parse.settlement_lines import SettlementLineColumns

if TYPE_CHECKING:
    import polars as pl

_KEYS_MAX = 2**63


@dataclass(frozen=True, slots=True)
class SettlementKinds:
    """A whole number for each line, and the kind of each number, in the order of their first lines."""

    keys: "pl.Series"
    kind_of: Mapping[int, Kind]


def read_kinds(document: Document, lines: SettlementLineColumns) -> SettlementKinds | Finding:
    """The kinds of the lines; a finding if they are too many for a settlement.

    A line's number is made of the codes of its words, as digits are, so that equal numbers are equal words.
    """
    import polars as pl

    texts = {word: distinct_texts(lines.frame[word]) for word in lines.words}
    sizes = {word: max(texts[word], default=-1) + 2 for word in lines.words}
    room = 1
    for size in sizes.values():
        room *= size
    if room >= _KEYS_MAX:
        return _too_many(document, max(sizes.values()))
    key = pl.lit(0, pl.UInt64)
    for word in lines.words:
        code = (pl.col(word).to_physical().cast(pl.UInt64) + 1).fill_null(0)
        key = key * sizes[word] + code
    keys = lines.frame.select(key.alias("kind"))["kind"]
    distinct = keys.unique(maintain_order=True)
    if distinct.len() > SETTLEMENT_KINDS_MAX:
        return _too_many(document, distinct.len())
    return SettlementKinds(keys, {number: lines.kind_of(_words(number, sizes, texts)) for number in distinct})


def _words(number: int, sizes: dict[str, int], texts: Mapping[str, Mapping[int, str]]) -> tuple[str, ...]:
    """The words that a line's number is made of."""
    found = []
    for word in reversed(sizes):
        number, code = divmod(number, sizes[word])
        found.append(texts[word].get(code - 1, ""))
    return tuple(reversed(found))


def _too_many(document: Document, kinds: int) -> Finding:
    return Finding(
        code="settlement-too-many-kinds",
        severity=Severity.REFUSED,
        what=f"The rows are of {kinds:,} kinds or more; up to {SETTLEMENT_KINDS_MAX:,} are read.",
        to_do="Check that the columns transaction-type, amount-type and amount-description hold what they say.",
        where=Origin(document.name, document.sha256),
        column="amount-description",
    )
