"""Rules of a user's mapping that can't do what they look as if they did; nothing here stops a posting."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tieout.domain.finding import Finding, Severity
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.rules.fee_rule import ANY, FeeRule, Specificity
from tieout.rules.spelling import matcher

_NAMED_MAX = 3


def check_rules(rules: Sequence[FeeRule]) -> tuple[Finding, ...]:
    """Notices on rules that never decide a line alone, and on patterns that hide rules of the fee dictionary."""
    return (*_unreachable(rules), *_hiding(rules))


def _unreachable(rules: Sequence[FeeRule]) -> Iterator[Finding]:
    """A rule without a pattern covers as specifically only what is itself, and that is a row told twice."""
    alike: dict[Specificity, list[FeeRule]] = defaultdict(list)
    for rule in rules:
        if _has_pattern(rule):
            alike[rule.specificity].append(rule)
    for rule in rules:
        wider = next((o for o in alike.get(rule.specificity, ()) if o is not rule and _covers(o, rule)), None)
        if wider is not None:
            yield Finding(
                code="mapping-rule-unreachable",
                severity=Severity.NOTICE,
                what=f"{rule} never decides a line alone: whatever it fits, {wider.place} fits too, as specifically.",
                to_do="Remove one of the two rows, or make one more specific.",
                where=rule.origin,
            )


def _hiding(rules: Sequence[FeeRule]) -> Iterator[Finding]:
    dictionary = load_fee_dictionary().rules
    for rule in rules:
        if not _has_pattern(rule):
            continue
        hidden = [known for known in dictionary if _covers(rule, known) and _sends_elsewhere(rule, known)]
        if hidden:
            named = "; ".join(str(known) for known in hidden[:_NAMED_MAX])
            more = f"; and {len(hidden) - _NAMED_MAX} more" if len(hidden) > _NAMED_MAX else ""
            yield Finding(
                code="mapping-pattern-hides-dictionary",
                severity=Severity.NOTICE,
                what=f"{rule} decides over {len(hidden)} rows of the fee dictionary: {named}{more}.",
                to_do="If that is not meant, make the pattern narrower: your rows win over the dictionary.",
                where=rule.origin,
            )


def _has_pattern(rule: FeeRule) -> bool:
    return any(ANY in pattern for pattern in rule.patterns)


def _covers(wide: FeeRule, narrow: FeeRule) -> bool:
    """Whether every line that `narrow` fits is one that `wide` fits."""
    if wide.marketplace_wanted and wide.marketplace_wanted != narrow.marketplace_wanted:
        return False
    return all(matcher(pattern)(text) for pattern, text in zip(wide.patterns, narrow.patterns, strict=True))


def _sends_elsewhere(rule: FeeRule, known: FeeRule) -> bool:
    return rule.group is not known.group or bool(rule.account_name)
