"""What an answer of QuickBooks says of a request: applied or not, to be waited for, a conflict, or not known.

Decided by status, code *and* message, since Intuit's own pages disagree on codes (6210 is "duplicate number" on
one and "period closed" on another) and a closed period was seen under the code of a stale object. Sources: Intuit,
"Error codes" and "Limits and throttles"; field reports on closed periods and throttles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tieout.domain.company import is_practice_address
from tieout.domain.finding import Finding, Severity
from tieout.domain.posting import Outcome
from tieout.quickbooks.fault_advice import ADVICE, DEFAULT_ADVICE

_CLOSED = re.compile(r"period (?:has )?(?:been )?closed|books (?:are|have been) closed|closing date", re.IGNORECASE)
_DUPLICATE_NUMBER = re.compile(r"duplicate document number", re.IGNORECASE)
_INACTIVE = re.compile(r"made inactive|is inactive|has been deleted", re.IGNORECASE)
_SIGN_IN_CODES = frozenset({"120", "3000", "3100", "3200"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of an answer, as Intuit wrote it; the code without leading zeros, text if it is no number."""

    code: str
    message: str
    detail: str = ""
    element: str = ""

    @property
    def text(self) -> str:
        """What it says, message and detail, once."""
        parts = [part.strip() for part in (self.message, self.detail) if part.strip()]
        if len(parts) == 2 and parts[0].lower() in parts[1].lower():
            parts = parts[1:]
        return ": ".join(part.rstrip(".") for part in parts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer says of its request, with the finding for a person."""

    outcome: Outcome
    finding: Finding


def faults_in(body: Any) -> tuple[Fault, ...]:
    """The errors of a decoded answer; a refused token's answer has them in lower-case fields."""
    fault = body.get("Fault") or body.get("fault") if isinstance(body, dict) else None
    if not isinstance(fault, dict):
        return ()
    errors = fault.get("Error") or fault.get("error")
    if not isinstance(errors, list):
        return ()
    return tuple(
        Fault(
            code=str(_field(error, "code")).lstrip("0"),
            message=str(_field(error, "Message")),
            detail=str(_field(error, "Detail")),
            element=str(_field(error, "element")),
        )
        for error in errors
        if isinstance(error, dict)
    )


def _field(error: dict[str, Any], name: str) -> Any:
    found = error.get(name, error.get(name.lower(), error.get(name.capitalize())))
    return "" if found is None else found


def verdict(status: int, body: Any, intuit_tid: str) -> Verdict | None:
    """What an answer says of its request; None where it says that it was done.

    `body` is the decoded JSON, None where the answer was none. The order is the order of what must not be
    mistaken: a throttle or a refused token was not worked on at all; then what the faults say; an error of the
    server, or an answer that is not QuickBooks', leaves the outcome unknown.
    """
    faults = faults_in(body)
    codes = {fault.code for fault in faults}
    if status == 429 or "3001" in codes:
        return Verdict(Outcome.WAIT, _throttled(intuit_tid))
    if status == 401 or codes & _SIGN_IN_CODES:
        return Verdict(Outcome.SIGN_IN, sign_in(_texts(faults) or "the connection is no longer valid", intuit_tid))
    if not faults:
        if isinstance(body, dict) and status == 200:
            return None
        return Verdict(Outcome.UNKNOWN, no_answer(f"it answered with status {status} and no data", intuit_tid))
    for fault in faults:
        if (found := _of_fault(fault, intuit_tid)) is not None:
            return found
    if status >= 500 or "10000" in codes:
        return Verdict(Outcome.UNKNOWN, no_answer(_texts(faults), intuit_tid))
    return Verdict(Outcome.NOT_APPLIED, _refused(faults, intuit_tid))


def _of_fault(fault: Fault, tid: str) -> Verdict | None:
    """The verdict of a fault that has one of its own."""
    if _DUPLICATE_NUMBER.search(fault.text) or (fault.code == "6140"):
        return Verdict(Outcome.CONFLICT, _number_taken(fault, tid))
    if fault.code in {"6200", "6210"} or _CLOSED.search(fault.text):
        return Verdict(Outcome.CLOSED_PERIOD, period_closed(fault.text, tid))
    if fault.code == "5010":
        return Verdict(Outcome.CONFLICT, _changed(fault, tid))
    if fault.code == "6240":
        return Verdict(Outcome.CONFLICT, _name_taken(fault, tid))
    if fault.code == "600":
        return Verdict(Outcome.APPLIED, _received_before(tid))
    if fault.code == "610" or _INACTIVE.search(fault.text):
        return Verdict(Outcome.NOT_APPLIED, _inactive(fault, tid))
    return None


def _texts(faults: Sequence[Fault]) -> str:
    return "; ".join(fault.text for fault in faults)


def with_tid(sentence: str, intuit_tid: str) -> str:
    """A sentence with the id by which Intuit's support finds the request."""
    return f"{sentence} Intuit's id of this request: {intuit_tid}." if intuit_tid else sentence


def _throttled(tid: str) -> Finding:
    return Finding(
        code="quickbooks-throttled",
        severity=Severity.BLOCKED,
        what=with_tid("QuickBooks lets no more requests of this company through for now.", tid),
        to_do="Nothing of this was posted. Press the button again in some minutes; it goes on where it stopped.",
    )


def sign_in(reason: str, tid: str = "") -> Finding:
    """That QuickBooks wants the person to sign in again."""
    return Finding(
        code="quickbooks-sign-in",
        severity=Severity.BLOCKED,
        what=with_tid(f"QuickBooks did not accept the connection: {reason.rstrip('.')}.", tid),
        to_do="Connect to QuickBooks again; nothing that was posted is lost, and nothing was posted by this.",
    )


def no_answer(reason: str, tid: str = "") -> Finding:
    """That whether QuickBooks did the work is not known."""
    return Finding(
        code="quickbooks-no-answer",
        severity=Severity.BLOCKED,
        what=with_tid(f"QuickBooks gave no usable answer: {reason.rstrip('.')}.", tid),
        to_do="Press the button again later; it asks QuickBooks what came of it before anything is sent again.",
    )


def unreachable(reason: str, url: str = "") -> Finding:
    """That QuickBooks was not reached, so nothing was sent. `url` is where it was looked for."""
    if is_practice_address(url):
        return Finding(
            code="quickbooks-unreachable",
            severity=Severity.BLOCKED,
            what=f"The practice QuickBooks does not answer ({reason}): its servers may not be running.",
            to_do=(
                "Nothing was sent. Start them in a terminal of their own: `tieout practice serve --state FOLDER`,"
                " with the folder from before, comes back at the same addresses. Then press the button again."
            ),
        )
    return Finding(
        code="quickbooks-unreachable",
        severity=Severity.BLOCKED,
        what=f"QuickBooks could not be reached: {reason.rstrip('.')}.",
        to_do="Nothing was sent. Check the connection to the internet, and press the button again.",
    )


def period_closed(reason: str, tid: str = "") -> Finding:
    """That QuickBooks refused a document because its day is closed."""
    return Finding(
        code="quickbooks-period-closed",
        severity=Severity.BLOCKED,
        what=with_tid(f"QuickBooks did not take it, because the period is closed: {reason.rstrip('.')}.", tid),
        to_do="Post it on the first open day, or move the closing date in QuickBooks and press the button again.",
    )


def _number_taken(fault: Fault, tid: str) -> Finding:
    return Finding(
        code="quickbooks-number-taken",
        severity=Severity.BLOCKED,
        what=with_tid(f"QuickBooks has a document of this number already: {fault.text}.", tid),
        to_do="Look at that document in QuickBooks; if it is not wanted, delete it there and press the button again.",
    )


def _changed(fault: Fault, tid: str) -> Finding:
    return Finding(
        code="quickbooks-changed-meanwhile",
        severity=Severity.BLOCKED,
        what=with_tid(f"Somebody changed it in QuickBooks at the same moment: {fault.text}.", tid),
        to_do="Look at it in QuickBooks, and press the button again.",
    )


def _name_taken(fault: Fault, tid: str) -> Finding:
    return Finding(
        code="quickbooks-name-taken",
        severity=Severity.BLOCKED,
        what=with_tid(f"QuickBooks has something of this name already: {fault.text}.", tid),
        to_do="Make the one of this name active in QuickBooks, or choose another name; then press the button again.",
    )


def _received_before(tid: str) -> Finding:
    return Finding(
        code="quickbooks-received-before",
        severity=Severity.BLOCKED,
        what=with_tid("QuickBooks says that it has received this request before.", tid),
        to_do="Press the button again; it looks for the document before anything is sent.",
    )


def _inactive(fault: Fault, tid: str) -> Finding:
    return Finding(
        code="quickbooks-inactive",
        severity=Severity.BLOCKED,
        what=with_tid(f"Something this needs is inactive or missing in QuickBooks: {fault.text}.", tid),
        to_do="Make it active again in QuickBooks, or choose another account on the sheet Accounts; then post again.",
    )


def _refused(faults: Sequence[Fault], tid: str) -> Finding:
    advice = next((ADVICE[fault.code] for fault in faults if fault.code in ADVICE), DEFAULT_ADVICE)
    codes = ", ".join(fault.code for fault in faults if fault.code)
    return Finding(
        code="quickbooks-refused",
        severity=Severity.BLOCKED,
        what=with_tid(f"QuickBooks did not take it (code {codes or 'none'}): {_texts(faults)}.", tid),
        to_do=advice,
    )
