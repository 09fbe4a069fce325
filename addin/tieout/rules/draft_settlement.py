"""A settlement into journals, summary method: one balanced journal a calendar month.

Amounts are minor units of the settlement's own currency; nothing is rounded. The same settlement, mapping, chart and
settings give the same drafts, whatever order the rows stand in. Rule by rule: docs/posting-rules.md.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Resolved
from dataclasses import dataclass
from datetime import date

from tieout.domain.account import Account, Chart, Group
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding
from tieout.domain.journal import Journal, JournalLine
from tieout.domain.marketplace import by_country
from tieout.domain.money import Money
from tieout.domain.settings import LastPartDay, SettlementSettings
from tieout.domain.settlement import LineSum, Settlement
from tieout.rules import draft_findings
from tieout.rules.classify import TaxKinds, tax_kinds
from tieout.rules.destinations import Destination, Destinations, MissingRole
from tieout.rules.doc_number import doc_number
from tieout.rules.drafted_kinds import MappedKind, UnmappedKind, mapped_kinds, unmapped_kinds
from tieout.rules.journal_lines import credited, in_order, lines_of
from tieout.rules.mapping import Mapped, Mapping
from tieout.rules.months import Part, month_parts
from tieout.rules.tax import Facilitation, Residual, facilitation, residual

__all__ = ["MappedKind", "SettlementDraft", "UnmappedKind", "balancing_day", "draft_settlement", "rows_behind"]

_NONE_FACILITATED = Facilitation(frozenset(), TaxKinds(frozenset(), frozenset()))


@dataclass(frozen=True, slots=True)
class SettlementDraft:
    """What would be posted for a settlement. Without `journals`, `findings` says what stands in the way.

    `accounts` are those that the journals name. `rows_behind` leads from a journal line to rows.
    """

    settlement_id: str
    journals: tuple[Journal, ...] = ()
    findings: tuple[Finding, ...] = ()
    unmapped: tuple[UnmappedKind, ...] = ()
    mapped: tuple[MappedKind, ...] = ()
    accounts: tuple[Account, ...] = ()
    facilitation: Facilitation = _NONE_FACILITATED
    residual: Residual | None = None

    @property
    def blocked(self) -> bool:
        """Whether a finding forbids posting."""
        return any(finding.stops for finding in self.findings)


def draft_settlement(
    settlement: Settlement, mapping: Mapping, chart: Chart, settings: SettlementSettings
) -> SettlementDraft:
    """The journals of a settlement, or the findings that say why there are none.

    Nothing is drafted where rows don't sum to the total (rule 1), where a kind is unmapped (rule 9), or where the
    chart lacks an account. Raises nothing for bad data.
    """
    if settlement.difference:
        return SettlementDraft(settlement.settlement_id, findings=(draft_findings.total_differs(settlement),))
    lines = settlement.lines
    resolved = {kind: mapping.resolve(kind, settlement.marketplace) for kind in lines.kinds()}
    mapped = {kind: to for kind, to in resolved.items() if isinstance(to, Mapped)}
    facilitated = facilitation(lines, tax_kinds(mapped))
    sums = facilitated.sums(lines)
    unmapped = unmapped_kinds(sums, resolved)
    left = residual(lines, facilitated, sums, settlement.currency)
    findings = [
        *(draft_findings.unmapped(settlement, kind) for kind in unmapped),
        *draft_findings.residual(settlement, left),
        *draft_findings.unexpected_signs(settlement, sums, mapped),
        *draft_findings.missing_deposit_day(settlement, settings),
    ]
    destinations = Destinations(mapped, chart, settings)
    try:
        known = {s: destinations.of(s) for s in sums if s.kind in mapped}
        journals = () if unmapped else tuple(_journals(settlement, known, destinations))
    except MissingRole as missing:
        findings.append(draft_findings.missing_role(settlement, missing.role, chart))
        known, journals = {}, ()
    return SettlementDraft(
        settlement_id=settlement.settlement_id,
        journals=journals,
        findings=tuple(findings),
        unmapped=unmapped,
        mapped=mapped_kinds(known, mapped),
        accounts=_accounts(journals, known, chart),
        facilitation=facilitated,
        residual=left,
    )


def rows_behind(line: JournalLine, settlement: Settlement, draft: SettlementDraft) -> tuple[int, ...]:
    """The rows of the settlement's file that a draft's line stands for, rising; none for a balancing line."""
    found = draft.facilitation
    return tuple(
        sorted(
            row
            for source in line.sources
            for row in settlement.lines.rows_of(
                source.kind, source.month, source.facilitated, found.orders, found.kinds.on_price
            )
        )
    )


def _journals(
    settlement: Settlement, known: Resolved[LineSum, Destination], destinations: Destinations
) -> Iterator[Journal]:
    parts = month_parts(
        (s.month for s in known), balancing_day(settlement, destinations.settings), has_total=bool(settlement.total)
    )
    carried = Money.zero(settlement.currency)
    for part in parts:
        own = [s for s in known if s.month == part.month]
        lines = lines_of(own, known.__getitem__)
        net = Money.total((s.amount for s in own), settlement.currency)
        if part.is_last:
            balancing = _last_balancing(settlement, parts, carried, destinations)
        else:
            balancing = _carried_on(parts, net, destinations)
            carried += net
        yield Journal(
            doc_number=doc_number(settlement.settlement_id, part.number, destinations.settings.prefix),
            day=part.day,
            currency=settlement.currency,
            memo=_memo(settlement, part),
            lines=tuple(destinations.classed(line) for line in (*lines, *balancing)),
            settlement_id=settlement.settlement_id,
            part=part.number,
            parts=part.count,
            marketplace=settlement.marketplace,
            location=destinations.settings.location,
        )


def balancing_day(settlement: Settlement, settings: SettlementSettings) -> date:
    """The local day of the settlement's end, or of its deposit where settings say so and the file tells it."""
    moment = settlement.end
    if settings.last_part_day is LastPartDay.DEPOSIT and settlement.deposit is not None:
        moment = settlement.deposit
    return local_day(moment, settlement.time_zone)


def _carried_on(parts: tuple[Part, ...], net: Money, destinations: Destinations) -> tuple[JournalLine, ...]:
    """What a part that is not the last hands on to the last one (rule 6)."""
    if not net:
        return ()
    account = destinations.role("carry_forward")
    return (credited(-net, account, Group.CARRY_FORWARD, f"Carried forward to {parts[-1].month}"),)


def _last_balancing(
    settlement: Settlement, parts: tuple[Part, ...], carried: Money, destinations: Destinations
) -> tuple[JournalLine, ...]:
    """The one bank, clearing or card line (rule 4), and what earlier parts carried forward, taken back (rule 6)."""
    lines = []
    total = settlement.total
    if total.minor > 0:
        role, text = destinations.deposit_role(), "deposit"
    else:
        role, text = destinations.debt_role(), "owed to Amazon"
    if total:
        group = {"bank": Group.BANK, "clearing": Group.CLEARING, "card": Group.CARD}[role]
        description = f"Amazon settlement {settlement.settlement_id}: {text}"
        lines.append(credited(-total, destinations.role(role), group, description))
    if carried:
        months = ", ".join(str(part.month) for part in parts[:-1])
        account = destinations.role("carry_forward")
        lines.append(credited(carried, account, Group.CARRY_FORWARD, f"Carried forward from {months}"))
    return in_order(lines)


def _memo(settlement: Settlement, part: Part) -> str:
    marketplace = by_country(settlement.marketplace)
    place = marketplace.name if marketplace else settlement.marketplace or settlement.currency
    first, last = (local_day(moment, settlement.time_zone) for moment in (settlement.start, settlement.end))
    period = f"{first} to {last}, part {part.number} of {part.count}"
    return f"Amazon settlement {settlement.settlement_id}, {place}, {period}"


def _accounts(
    journals: tuple[Journal, ...], known: Resolved[LineSum, Destination], chart: Chart
) -> tuple[Account, ...]:
    """The accounts that the journals name, by name: what the books need to have."""
    by_name = {account.name: account for account in chart.accounts}
    by_name.update({to.account.name: to.account for to in known.values()})
    named = {line.account for journal in journals for line in journal.lines}
    return tuple(by_name[name] for name in sorted(named))
