"""What an unknown kind of line probably is: the known one that is nearest by words, and why it is thought so.

A suggestion is shown beside an unmapped line. It decides nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tieout.domain.account import Group
from tieout.domain.settlement import Kind
from tieout.rules.fee_rule import FeeRule
from tieout.rules.spelling import folded, words

# What a line is by its amount type alone, where no word of its name is known.
_BY_AMOUNT_TYPE: dict[str, Group] = {
    "itemprice": Group.SALES,
    "itemfees": Group.SELLING_FEES,
    "itemwithheldtax": Group.FACILITATOR_TAX,
    "promotion": Group.PROMOTIONS,
    "shipmentfees": Group.SHIPPING_COSTS,
}
_SAME_PLACE_PER_CENT = 25  # how much a match counts more in the same transaction type, and in the same amount type


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A group, and the reason for it in a sentence."""

    group: Group
    reason: str


@dataclass(frozen=True, slots=True)
class _Known:
    rules: tuple[tuple[FeeRule, frozenset[str]], ...]
    rarity: dict[str, int]


def suggest(kind: Kind, rules: Sequence[FeeRule]) -> Suggestion:
    """The group of the known rule that shares the rarest words with `kind`; the earliest of equals."""
    known = _known(tuple(rules))
    own = _name_words(kind.transaction_type, kind.amount_type, kind.amount_description)
    best_score, best_rule, best_shared = 0, None, frozenset[str]()
    for rule, name in known.rules:
        shared = own & name
        score = sum(known.rarity[word] for word in shared) * 100 // (len(own | name) or 1)
        if folded(rule.transaction_type) == folded(kind.transaction_type):
            score += score * _SAME_PLACE_PER_CENT // 100
        if folded(rule.amount_type) == folded(kind.amount_type):
            score += score * _SAME_PLACE_PER_CENT // 100
        if score > best_score:
            best_score, best_rule, best_shared = score, rule, shared
    if best_rule is not None:
        named = ", ".join(f'"{word}"' for word in sorted(best_shared))
        return Suggestion(best_rule.group, f"It shares {named} with {best_rule} ({best_rule.group}).")
    group = _BY_AMOUNT_TYPE.get(folded(kind.amount_type))
    if group is not None:
        return Suggestion(group, f"Nothing known bears its name; most lines of {kind.amount_type} are {group}.")
    return Suggestion(Group.OTHER, "Nothing known bears its name.")


@lru_cache(maxsize=8)
def _known(rules: tuple[FeeRule, ...]) -> _Known:
    named = tuple(
        (rule, _name_words(rule.transaction_type, rule.amount_type, rule.amount_description)) for rule in rules
    )
    counts = Counter(word for _, name in named for word in name)
    return _Known(named, {word: 1 + 4 * len(named) // count for word, count in counts.items()})


def _name_words(transaction_type: str, amount_type: str, description: str) -> frozenset[str]:
    """The words that name the thing: those of the transaction type only where nothing else says what it is.

    An amount type that says where a line stands ("ItemFees") does not say what it is.
    """
    told = (description,) if folded(amount_type) in _BY_AMOUNT_TYPE else (amount_type, description)
    found = {_singular(word) for text in told for word in words(text)}
    return frozenset(found or {_singular(word) for word in words(transaction_type)}) - _EMPTY_WORDS


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


# Words that stand in every name and say nothing of what a line is.
_EMPTY_WORDS = frozenset(
    {"other", "transaction", "fee", "base", "on", "item", "amount", "of", "the", "for", "and", "a"}
)
