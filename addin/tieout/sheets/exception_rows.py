"""The sheet Exceptions: findings as rows that keep their number, what a person decided, and when it is settled.

The number of an exception is made from what it is and what it is about, so that the same one is found again. One
whose cause is gone is Closed and stays, with what was decided.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.sheets.exports.cells import file_name
from tieout.sheets.port import Gone, ReadTable, Refresh, Row, TableRow
from tieout.sheets.typed import one_of

TABLE = "Exceptions"
OPEN, DECIDED, CLOSED = "Open", "Decided", "Closed"
FIRST_OPEN, REPLACE, WAIT, IGNORE = "Post on the first open date", "Replace the posting", "Wait", "Ignore"
DOWNLOAD, SUMMARY, ACCEPT = "Download it", "Post in the summary", "Accept the difference"
_ORDER_NOT_POSTED = "settled-order-not-posted"
_AT_AMAZON = ("order-cancelled-after-posting", "order-changed-after-posting")
_GONE, _CHANGED_THERE = "order-gone-from-quickbooks", "order-changed-in-quickbooks"
# What each decision is for; of those that need a reason, one without it is none.
DECISIONS: Mapping[str, frozenset[str]] = {
    FIRST_OPEN: frozenset({"period-closed"}),
    REPLACE: frozenset({"posted-with-other-content", "document-posted-otherwise", *_AT_AMAZON, _GONE}),
    DOWNLOAD: frozenset({_ORDER_NOT_POSTED}),
    SUMMARY: frozenset({_ORDER_NOT_POSTED, "settled-orders-not-posted"}),
    ACCEPT: frozenset({"order-settled-in-part", "order-settled-otherwise", *_AT_AMAZON, _CHANGED_THERE}),
    IGNORE: frozenset({_ORDER_NOT_POSTED}),
}
_NEED_A_REASON = frozenset({IGNORE, ACCEPT})
_NUMBER_DIGITS = 7
_ORDER_ID = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an exception."""

    code: str
    settlement_id: str
    choice: str
    reason: str
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions that stand on the sheet, and what is wrong with some."""

    made: Mapping[str, Decision]
    findings: tuple[Finding, ...] = ()

    def settlements(self, choice: str) -> frozenset[str]:
        """The settlements for which something was chosen, for all of it."""
        return frozenset(one.settlement_id for one in self.made.values() if one.choice == choice and not one.order_id)


def read_decisions(table: ReadTable, choices: Sequence[str]) -> Decisions:
    """The decisions by the exception's number; those that fit no exception of the kind are findings."""
    made: dict[str, Decision] = {}
    findings = list(table.findings)
    for row in table.rows:
        where = table.cell(row, "decision")
        choice = one_of(row.values.get("decision"), where, choices)
        if isinstance(choice, Finding):
            findings.append(choice)
        elif choice is not None and row.text("state") != CLOSED:
            decision = Decision(
                row.text("code"),
                row.text("settlement_id"),
                choice,
                row.text("decision_reason"),
                row.text("order_id"),
            )
            problem = _unfit(decision, row, table)
            if problem is not None:
                findings.append(problem)
            else:
                made[row.text("exception_id")] = decision
    return Decisions(made, tuple(findings))


def number_of(finding: Finding) -> str:
    """The number of a finding as an exception: the same for the same, for ever."""
    where = finding.where
    place = f"{file_name(where.file)}|{where.row}" if isinstance(where, Origin) else str(where or "")
    said = "|".join((finding.code, finding.subject, place, finding.column, finding.what if not place else ""))
    return f"E{hashlib.sha256(said.encode('utf-8')).hexdigest()[:_NUMBER_DIGITS].upper()}"


def exceptions_refresh(
    table: ReadTable,
    findings: Iterable[Finding],
    decisions: Decisions,
    *,
    settled: Iterable[str],
    marketplaces: Mapping[str, str],
    files: Mapping[str, str] | None = None,
    now: datetime,
    who: str,
) -> Refresh:
    """The rows for `findings`, and Closed for the numbers in `settled` that are not among them.

    `marketplaces` gives that of each settlement, `files` the settlement of each file, by its hash.
    """
    about = _About(marketplaces, files or {})
    standing = {row.text("exception_id"): row for row in table.rows}
    rows: dict[str, Row] = {}
    for finding in findings:
        number = number_of(finding)
        rows[number] = _row(finding, number, standing.get(number), decisions.made.get(number), about, now, who)
    for number in settled:
        if number in standing and number not in rows and standing[number].text("state") != CLOSED:
            rows[number] = {"exception_id": number, "state": CLOSED}
    return Refresh(TABLE, list(rows.values()), Gone.KEPT)


@dataclass(frozen=True, slots=True)
class _About:
    """Which settlement and order a finding is about."""

    marketplaces: Mapping[str, str]
    files: Mapping[str, str]

    def settlement(self, finding: Finding) -> str:
        """The settlement: its subject, or that of its file."""
        if finding.subject in self.marketplaces:
            return finding.subject
        of_file = finding.where.sha256 if isinstance(finding.where, Origin) else ""
        return self.files.get(of_file, "") if _ORDER_ID.match(finding.subject) else ""

    def order(self, finding: Finding) -> str:
        """The order, where it is about one."""
        return finding.subject if _ORDER_ID.match(finding.subject) else ""


def _row(
    finding: Finding,
    number: str,
    standing: TableRow | None,
    decision: Decision | None,
    about: _About,
    now: datetime,
    who: str,
) -> Row:
    settlement_id, order_id = about.settlement(finding), about.order(finding)
    row: dict[str, object] = {
        "exception_id": number,
        "state": DECIDED if decision else OPEN,
        "severity": finding.severity.value.capitalize(),
        "what": finding.what,
        "to_do": finding.to_do,
        "marketplace": about.marketplaces.get(settlement_id, ""),
        "settlement_id": settlement_id,
        "order_id": order_id,
        "where": _place(finding),
        "code": finding.code,
    }
    was_decided = standing is not None and standing.text("decided_by") != ""
    if standing is None or not isinstance(standing.values.get("first_seen"), datetime):
        row["first_seen"] = now
    if decision is None:
        row |= {"decided_by": "", "decided_at": None}
    elif not was_decided:
        row |= {"decided_by": who, "decided_at": now}
    return row  # type: ignore[return-value]


def _place(finding: Finding) -> str:
    where = finding.where
    if not isinstance(where, Origin):
        return str(where or "")
    return file_name(where.file) if where.row is None else f"{file_name(where.file)}, row {where.row}"


def _unfit(decision: Decision, row: TableRow, table: ReadTable) -> Finding | None:
    """What is wrong with a decision, if anything."""
    if decision.choice in _NEED_A_REASON and not decision.reason:
        return Finding(
            code="decision-without-reason",
            severity=Severity.NOTICE,
            what=f"{decision.choice} needs a reason, which is kept in the log; without one it does not count.",
            to_do="Write the reason beside the decision.",
            where=table.cell(row, "decision_reason"),
        )
    is_notice = row.text("severity") == Severity.NOTICE.value.capitalize()
    may_always = decision.choice == WAIT or (decision.choice == IGNORE and is_notice)
    if may_always or decision.code in DECISIONS.get(decision.choice, frozenset()):
        return None
    return Finding(
        code="decision-not-possible",
        severity=Severity.NOTICE,
        what=f'"{decision.choice}" is no way out of {decision.code}; nothing was done about it.',
        to_do=f"{row.text('to_do')} Or choose {WAIT}.",
        where=table.cell(row, "decision"),
    )
