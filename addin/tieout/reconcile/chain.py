"""Several settlements of one account in a row: reserves that hand over, no gap, no overlap, no id twice.

Source: Amazon's settlement files. "Current Reserve Amount" at the end of one settlement comes back as "Previous
Reserve Amount Balance" at the start of the next (rule 7 of ARCHITECTURE.md); a settlement starts when the one before
ends. A settlement's id is its identity (rule 5): the same id with other content is an alarm, never an update.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from tieout.domain.account import Group
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding, Severity
from tieout.domain.money import Money
from tieout.domain.settlement import Kind, Settlement
from tieout.reconcile.settlement_content import content_differences
from tieout.rules.mapping import Mapped, Mapping
from tieout.rules.spelling import folded

# Real files hand over to the second, or a second or two apart; a settlement lasts a day at least.
HAND_OVER = timedelta(hours=1)

_PREVIOUS = "previous"
_RESERVE_LOST = "Look for a settlement between them; if there is none, ask Amazon where the reserve went."
_RESERVE_LACKING = "Files of the withdrawn layout may lack this row; compare with the settlement in Seller Central."


def check_chain(settlements: Sequence[Settlement], mapping: Mapping) -> tuple[Finding, ...]:
    """What does not hold between these settlements, account by account (marketplace and currency), in order of time.

    `mapping` tells which lines are reserves. The settlements may come in any order and more than once.
    """
    findings = [*_repeated(settlements)]
    accounts: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    for settlement in each_once(settlements):
        accounts[settlement.marketplace, settlement.currency].append(settlement)
    for _, chain in sorted(accounts.items()):
        for before, after in pairwise(chain):
            findings += _period(before, after)
            findings += _reserve(before, after, mapping)
    return tuple(findings)


def each_once(settlements: Sequence[Settlement]) -> tuple[Settlement, ...]:
    """Each settlement once, the first of those with its id, in order of start; those with two contents left out."""
    by_id: dict[str, list[Settlement]] = defaultdict(list)
    for settlement in settlements:
        by_id[settlement.settlement_id].append(settlement)
    once = [same[0] for same in by_id.values() if not any(_differences(same[0], other) for other in same[1:])]
    return tuple(sorted(once, key=lambda s: (s.start, s.end, s.settlement_id)))


def reserves(settlement: Settlement, mapping: Mapping) -> tuple[Money, Money]:
    """The reserve released at its start and the one kept back at its end, as the rows have them (+, then -)."""
    previous = current = Money.zero(settlement.currency)
    kinds = {kind for kind in settlement.lines.kinds() if _is_reserve(kind, settlement, mapping)}
    if kinds:
        for s in settlement.lines.sums(frozenset(), frozenset()):
            if s.kind in kinds and folded(s.kind.amount_description).startswith(_PREVIOUS):
                previous += s.amount
            elif s.kind in kinds:
                current += s.amount
    return previous, current


def _is_reserve(kind: Kind, settlement: Settlement, mapping: Mapping) -> bool:
    to = mapping.resolve(kind, settlement.marketplace)
    return isinstance(to, Mapped) and to.group is Group.RESERVE


def _repeated(settlements: Sequence[Settlement]) -> Iterator[Finding]:
    first_of: dict[str, Settlement] = {}
    for settlement in settlements:
        first = first_of.setdefault(settlement.settlement_id, settlement)
        if first is settlement:
            continue
        differences = _differences(first, settlement)
        if not differences:
            yield Finding(
                code="settlement-twice",
                severity=Severity.NOTICE,
                what=f"Settlement {settlement.settlement_id} is here twice, also in {first.origin.file}.",
                to_do="Nothing has to be done: both have the same content, and it is counted once.",
                where=settlement.origin,
                subject=settlement.settlement_id,
            )
        else:
            yield _other_content(first, settlement, differences)


def _differences(first: Settlement, again: Settlement) -> tuple[str, ...]:
    """What two settlements of one id do not agree on; the same document, read twice, is not asked."""
    return () if first.origin.sha256 == again.origin.sha256 else content_differences(first, again)


def _other_content(first: Settlement, again: Settlement, differences: Sequence[str]) -> Finding:
    return Finding(
        code="settlement-content-differs",
        severity=Severity.BLOCKED,
        what=f"Settlement {again.settlement_id} has other content in {first.origin.file}: {'; '.join(differences)}.",
        to_do="Keep the file that Amazon gives for this id and take the other away; until then neither posts.",
        where=again.origin,
        subject=again.settlement_id,
    )


def _period(before: Settlement, after: Settlement) -> Iterator[Finding]:
    names = f"settlements {before.settlement_id} and {after.settlement_id} ({after.marketplace}, {after.currency})"
    end, start = (local_day(m, after.time_zone) for m in (before.end, after.start))
    if after.start - before.end > HAND_OVER:
        yield Finding(
            code="settlement-gap",
            severity=Severity.NOTICE,
            what=f"Between {names} nothing covers {end} to {start}.",
            to_do="Add the settlement of that period; Amazon lists settlement reports for 90 days only.",
            where=after.origin,
            subject=after.settlement_id,
        )
    elif before.end - after.start > HAND_OVER:
        yield Finding(
            code="settlement-overlap",
            severity=Severity.NOTICE,
            what=f"The periods of {names} overlap: one ends {end}, the other starts {start}.",
            to_do="Check that both belong to this account; each posts on its own.",
            where=after.origin,
            subject=after.settlement_id,
        )


def _reserve(before: Settlement, after: Settlement, mapping: Mapping) -> Iterator[Finding]:
    kept = reserves(before, mapping)[1]
    released = reserves(after, mapping)[0]
    if kept + released:
        yield Finding(
            code="reserve-chain-broken",
            severity=Severity.NOTICE,
            what=(
                f"Settlement {before.settlement_id} keeps back {-kept}, but {after.settlement_id} releases "
                f"{released}: a difference of {kept + released}."
            ),
            to_do=_RESERVE_LACKING if after.layout == "v1" and not released else _RESERVE_LOST,
            where=after.origin,
            subject=after.settlement_id,
        )
