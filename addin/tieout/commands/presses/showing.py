"""What the sheets shall say after a press: settlements, lines, preview, fee mappings, exceptions."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tieout.commands.presses.choices import Choices
from tieout.commands.presses.gather import Gathered
from tieout.commands.presses.press import Press
from tieout.commands.presses.standing import Standing
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.settlement import Kind
from tieout.limits import SETTLEMENT_LINES_SHOWN_MAX
from tieout.rules.fee_rule import FeeRule
from tieout.sheets.exception_rows import exceptions_refresh, number_of
from tieout.sheets.fee_mapping_rows import (
    Moved,
    RuleKey,
    UnmappedFee,
    kind_key,
    mapping_refresh,
    rule_key,
)
from tieout.sheets.port import CellValue, Gone, Refresh
from tieout.sheets.preview_rows import preview_rows
from tieout.sheets.settlement_rows import POSTED, ShownSettlement, all_line_rows, settlement_row

_MEMORY = "exceptions"
REVIEW, FILES, POSTING, RECONCILE, CHECK_UP = "review", "files", "posting", "reconcile", "check-up"
# What Amazon's downloads find: each time anew, or once only, which then stays until somebody decides.
DOWNLOAD, DOWNLOAD_ONCE, DOWNLOAD_ORDERS = "download", "download-once", "download-orders"

Days = dict[str, dict[Kind, tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one sort of work, and the settlements it was about (None: of all, what it did not find is gone)."""

    source: str
    findings: Sequence[Finding]
    subjects: Collection[str] | None = None


@dataclass(slots=True)
class Sheets:
    """The refreshes that one press gathers."""

    press: Press
    choices: Choices
    refreshes: list[Refresh] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def settlements(self, gathered: Gathered, shown: Sequence[ShownSettlement]) -> None:
        """Settlements, Settlement Lines and Fee Mappings."""
        self.files = {one.settlement.origin.sha256: one.settlement_id for one in shown}
        self.refreshes.append(Refresh("Settlements", [settlement_row(one) for one in shown], Gone.KEPT_IF_USED))
        seen: Days = {}
        rows = list(all_line_rows(_few_enough(shown), seen))
        self.refreshes.append(Refresh("SettlementLines", rows))
        self._mappings(gathered, seen)

    def _mappings(self, gathered: Gathered, seen: Days) -> None:
        table = self.choices.mappings.table
        if table is None:
            return
        moved: dict[RuleKey, Moved] = {}
        rules: dict[RuleKey, FeeRule] = {}
        unmapped: dict[RuleKey, tuple[UnmappedFee, Moved]] = {}
        for one in gathered.standings:
            _count(one, seen.get(one.settlement_id, {}), moved, rules, unmapped)
        self.refreshes.append(mapping_refresh(table, self.choices.chart, moved, unmapped, rules))

    def preview(self, shown: Iterable[ShownSettlement]) -> None:
        """Journal Preview, of these settlements and no other."""
        rows = [row for one in shown for row in preview_rows(one, self.choices.preview)]
        self.refreshes.append(Refresh("JournalPreview", rows))

    def exceptions(self, found: Sequence[Found], marketplaces: Mapping[str, str]) -> None:
        """Exceptions: what was found now, and Closed for what nobody finds any more."""
        table = self.choices.exceptions
        if isinstance(table, Finding):
            return
        memory: dict[str, dict[str, str]] = json.loads(self.press.store.settings.get(_MEMORY, "{}"))
        for one in found:
            now = {number_of(finding): finding.subject for finding in one.findings}
            before = memory.get(one.source, {})
            memory[one.source] = now | {
                number: subject
                for number, subject in before.items()
                if one.subjects is not None and subject and subject not in one.subjects
            }
        self.press.store.settings.put(_MEMORY, json.dumps(memory, sort_keys=True))
        standing = {number for numbers in memory.values() for number in numbers}
        self.refreshes.append(
            exceptions_refresh(
                table,
                dict.fromkeys(finding for one in found for finding in one.findings),
                self.choices.decisions,
                settled=[row.text("exception_id") for row in table.rows if row.text("exception_id") not in standing],
                marketplaces=marketplaces,
                files=self.files,
                now=self.press.clock.now(),
                who=self.press.who,
            )
        )


def marketplaces_of(gathered: Gathered) -> dict[str, str]:
    """The marketplace of each settlement."""
    return {one.settlement_id: one.review.settlement.marketplace for one in gathered.standings}


def previewed(choices: Choices, gathered: Gathered, also: Collection[str] = ()) -> list[Standing]:
    """The settlements whose lines Journal Preview shows, and those in `also`."""
    numbers = {number for number, _ in choices.preview}
    return [
        one
        for one in gathered.standings
        if one.settlement_id in also
        or any(journal.doc_number in numbers for journal in one.review.draft.journals)
        or any(row.journal.doc_number in numbers for row in one.posted)
    ]


def connection_cells(press: Press) -> dict[str, CellValue]:
    """What Home and Settings say of the connections."""
    company = press.company
    return {
        "QuickBooksState": _connection(company.quickbooks is not None, company.practice),
        "AmazonState": _connection(bool(company.sellers), company.practice),
        "IsPractice": "Yes" if company.practice else "No",
    }


def _connection(connected: bool, practice: bool) -> str:
    return ("Practice" if practice else "Connected") if connected else "Not connected"


def _few_enough(shown: Sequence[ShownSettlement]) -> list[ShownSettlement]:
    """As many settlements as the sheet of lines takes: those that are not posted first, then the newest."""
    ordered = sorted(shown, key=lambda one: (one.state == POSTED, -one.settlement.end.timestamp()))
    left = SETTLEMENT_LINES_SHOWN_MAX
    taken: set[str] = set()
    for one in ordered:
        lines = len(one.settlement.lines)
        if lines <= left:
            taken.add(one.settlement_id)
            left -= lines
    return [one for one in shown if one.settlement_id in taken]


def _count(
    one: Standing,
    days: Mapping[Kind, tuple[date, date]],
    moved: dict[RuleKey, Moved],
    rules: dict[RuleKey, FeeRule],
    unmapped: dict[RuleKey, tuple[UnmappedFee, Moved]],
) -> None:
    """Count in what the rules moved in one settlement, and what none decides."""
    settlement, draft = one.review.settlement, one.review.draft
    whole = (local_day(settlement.start, settlement.time_zone), local_day(settlement.end, settlement.time_zone))
    for kind in draft.mapped:
        key = rule_key(kind.rule)
        rules[key] = kind.rule
        moved.setdefault(key, Moved()).add(kind.rows, kind.amount, *days.get(kind.kind, whole))
    for fee in draft.unmapped:
        words = (fee.kind.transaction_type, fee.kind.amount_type, fee.kind.amount_description)
        waiting = UnmappedFee(words, str(fee.suggested_group), fee.reason, bool(fee.conflict))
        _, seen = unmapped.setdefault(kind_key(words), (waiting, Moved()))
        seen.add(fee.rows, fee.amount, *_days_of(words, days, whole))


def _days_of(
    words: tuple[str, str, str], days: Mapping[Kind, tuple[date, date]], whole: tuple[date, date]
) -> tuple[date, date]:
    """The first and last day of a kind of whatever marketplace."""
    found = [
        span
        for kind, span in days.items()
        if (kind.transaction_type, kind.amount_type, kind.amount_description) == words
    ]
    if not found:
        return whole
    return min(first for first, _ in found), max(last for _, last in found)


def money_told(amounts: Iterable[Money]) -> str:
    """Some amounts, added by currency: "USD 1083.48, GBP -58.98"."""
    totals: dict[str, Money] = {}
    for amount in amounts:
        totals[amount.currency] = totals.get(amount.currency, Money.zero(amount.currency)) + amount
    return ", ".join(str(total) for total in totals.values())
