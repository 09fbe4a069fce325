"""A fee mapping: which settlement lines it fits, and where their money goes (docs/posting-rules.md, "Fee mappings").

How specific a rule is, most specific first: all four fields named; any marketplace; a pattern in the description;
a pattern in the amount type; a pattern in the transaction type. A pattern with words ("Transfer of funds*") is more
specific than a bare `*`. Rules are compared place by place, so a pattern in an earlier place weighs more than
everything in a later one. Two rules that fit a line and are equally specific are a conflict; the longer text does
not win.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tieout.domain import marketplace as marketplaces
from tieout.domain.account import Group
from tieout.domain.origin import Cell, Origin
from tieout.domain.settlement import Kind
from tieout.rules.spelling import folded, folded_pattern, matcher

ANY = "*"

# (transaction type, amount type, description, marketplace): 0 named, 1 a pattern with words, 2 any.
Specificity = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FeeRule:
    """One row of the fee dictionary or of a user's mapping.

    `marketplace` is empty for any, a country code or marketplace name, or a name that lines bear ("Non-Amazon US").
    The account is a role of the chart (`account_role`) or, in a user's row, an account by name (`account_name`);
    with neither it is the default role of `group`. `origin` is the row it stands in.
    """

    transaction_type: str
    amount_type: str
    amount_description: str
    group: Group
    account_role: str = ""
    account_name: str = ""
    marketplace: str = ""
    tax_code: str = ""
    class_name: str = ""
    meaning: str = ""
    expected_sign: str = "±"
    marketplaces: str = ""
    first_known: str = ""
    source: str = ""
    origin: Origin | Cell | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it fits, as it is compared: two rules of one key are one rule told twice."""
        return (*self.patterns, marketplace_key(self.marketplace))

    @property
    def patterns(self) -> tuple[str, str, str]:
        """Its three words, folded."""
        return (
            folded_pattern(self.transaction_type),
            folded_pattern(self.amount_type),
            folded_pattern(self.amount_description),
        )

    @property
    def outcome(self) -> tuple[Group, str, str, str, str]:
        """What it decides: group, account (role and name), tax code, class."""
        return (self.group, self.account_role, folded(self.account_name), self.tax_code, self.class_name)

    @property
    def specificity(self) -> Specificity:
        """How specific it is; the smaller, the more specific."""
        transaction, amount, description = (_looseness(pattern) for pattern in self.patterns)
        return transaction, amount, description, 0 if self.marketplace_wanted else 2

    @property
    def marketplace_wanted(self) -> str:
        """The marketplace it asks for, as it is compared; empty for any."""
        return marketplace_key(self.marketplace)

    def fits(self, words: tuple[str, str, str], marketplace_keys: frozenset[str]) -> bool:
        """Whether it fits a line of these folded words in a marketplace of these keys."""
        wanted = self.marketplace_wanted
        if wanted and wanted not in marketplace_keys:
            return False
        return all(matcher(pattern)(word) for pattern, word in zip(self.patterns, words, strict=True))

    def __str__(self) -> str:
        place = f" ({self.marketplace})" if self.marketplace else ""
        return f"{self.transaction_type} / {self.amount_type} / {self.amount_description}{place}"

    @property
    def place(self) -> str:
        """The rule with the row it stands in, for sentences."""
        return f"{self} ({self.origin})" if self.origin is not None else str(self)


def marketplace_key(text: str) -> str:
    """A marketplace as it is compared: its country code, or the folded name where it is none; empty for any."""
    plain = text.strip()
    if plain in ("", ANY):
        return ""
    known = marketplaces.by_country(plain) or marketplaces.by_name(plain)
    return known.country if known else folded(plain)


def marketplace_keys(kind: Kind, account_country: str) -> frozenset[str]:
    """The keys under which a line's marketplace is known.

    Many lines name none; theirs is the settlement's. "Non-Amazon US" (multi-channel orders) is both that name and
    the settlement's own marketplace.
    """
    named = marketplace_key(kind.marketplace_name)
    known = marketplaces.by_name(kind.marketplace_name)
    own = "" if known else marketplace_key(account_country)
    return frozenset(key for key in (named, own) if key)


def _looseness(pattern: str) -> int:
    if pattern == ANY:
        return 2
    return 1 if ANY in pattern else 0


class FeeRules:
    """Rules of one source (the fee dictionary, or a user's rows), found by what they fit."""

    __slots__ = ("_exact", "_patterns", "rules")

    def __init__(self, rules: Iterable[FeeRule] = ()) -> None:
        self.rules: tuple[FeeRule, ...] = tuple(rules)
        self._exact: dict[tuple[str, str, str], list[FeeRule]] = {}
        self._patterns: list[FeeRule] = []
        for rule in self.rules:
            if any(ANY in pattern for pattern in rule.patterns):
                self._patterns.append(rule)
            else:
                self._exact.setdefault(rule.patterns, []).append(rule)

    def __len__(self) -> int:
        return len(self.rules)

    def most_specific(self, kind: Kind, account_country: str, *, named_only: bool = False) -> tuple[FeeRule, ...]:
        """The rules that fit `kind` and that no other is more specific than; more than one is a conflict.

        Rules that decide the same are one. `named_only` leaves out rules with a bare `*`.
        """
        words = (folded(kind.transaction_type), folded(kind.amount_type), folded(kind.amount_description))
        keys = marketplace_keys(kind, account_country)
        fitting = [rule for rule in (*self._exact.get(words, ()), *self._patterns) if rule.fits(words, keys)]
        if named_only:
            fitting = [rule for rule in fitting if ANY not in rule.patterns]
        if not fitting:
            return ()
        best = min(rule.specificity for rule in fitting)
        equal = [rule for rule in fitting if rule.specificity == best]
        equal.sort(key=lambda rule: str(rule) != str(kind))  # its own spelling first
        by_outcome: dict[object, FeeRule] = {}
        for rule in equal:
            by_outcome.setdefault(rule.outcome, rule)
        return tuple(by_outcome.values())
