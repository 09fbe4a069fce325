"""What an answer of Amazon says of a request, decided by its status first: a body may be empty or a gateway's page.

Sources: Amazon's "Response format" and "Usage plans and rate limits" pages; the `ErrorList` of the models; Login
with Amazon's error names (RFC 6749). Empty 429s and HTML 503s were seen from gateways.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from tieout.amazon.usage_plans import Operation
from tieout.domain.company import is_practice_address
from tieout.domain.finding import Finding, Severity

_WORDS_MAX = 300
# Details of a 403 that a fresh access token cures.
_TOKEN_WORDS = ("expired", "revoked", "malformed")


class Trouble(StrEnum):
    """What can be done about a request that was not answered as hoped."""

    TOKEN = "token"  # noqa: S105 - sign in again, once, and send it again
    THROTTLED = "throttled"  # wait for the next turn, and send it again
    AGAIN = "again"  # send it again after a while
    FINAL = "final"  # nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a request was not answered, and what can be done; the status of the answer, 0 where there was none."""

    trouble: Trouble
    finding: Finding
    status: int = 0


def verdict(status: int, body: Any, operation: Operation, role: str) -> Verdict | None:
    """What stands in the way of taking an answer; None for one that is a JSON object and no error.

    `body` is the decoded JSON, None where it was none; `role` the one that the request needs.
    """
    if 200 <= status < 300:
        return None if isinstance(body, dict) else Verdict(Trouble.AGAIN, unreadable(operation.name), status)
    if status == 429:
        return Verdict(Trouble.THROTTLED, throttled(operation.name), status)
    if status >= 500 or 300 <= status < 400 or status < 200:
        return Verdict(Trouble.AGAIN, troubled(operation.name, status), status)
    words = _words(body)
    if status in (401, 403):
        if any(word in words.casefold() for word in _TOKEN_WORDS):
            return Verdict(Trouble.TOKEN, denied(operation.name, role, words), status)
        return Verdict(Trouble.FINAL, denied(operation.name, role, words), status)
    return Verdict(Trouble.FINAL, refused(operation.name, status, words), status)


def _words(body: Any) -> str:
    """Amazon's own words in an error's body, at most so many."""
    errors = body.get("errors") if isinstance(body, dict) else None
    found = []
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            found += [str(error.get(name) or "") for name in ("message", "details")]
    return " ".join(part.strip() for part in found if part.strip())[:_WORDS_MAX]


def throttled(what: str) -> Finding:
    """That Amazon goes on refusing requests as too many."""
    return Finding(
        code="amazon-throttled",
        severity=Severity.BLOCKED,
        what=f"Amazon lets no more requests through for {what}, though each one waited its turn.",
        to_do="Another program may be using the same account. Press again in some minutes; it goes on from here.",
    )


def troubled(what: str, status: int) -> Finding:
    """That Amazon has trouble of its own."""
    return Finding(
        code="amazon-in-trouble",
        severity=Severity.BLOCKED,
        what=f"Amazon could not answer {what} (status {status}), several times in a row.",
        to_do="Press again in some minutes; it goes on where it stopped.",
    )


def unreadable(what: str) -> Finding:
    """That an answer is not what Amazon's models say."""
    return Finding(
        code="amazon-answer-unreadable",
        severity=Severity.BLOCKED,
        what=f"Amazon's answer to {what} is not of the form that Amazon documents.",
        to_do="Press again in some minutes. If it stays so, something stands between this machine and Amazon.",
    )


def unreachable(reason: str, url: str = "") -> Finding:
    """That Amazon can't be reached, and why in a word. `url` is where it was looked for."""
    if is_practice_address(url):
        return Finding(
            code="amazon-unreachable",
            severity=Severity.BLOCKED,
            what=f"The practice Amazon does not answer ({reason}): its servers may not be running.",
            to_do=(
                "Start them in a terminal of their own: `tieout practice serve --state FOLDER`, with the folder from"
                " before, comes back at the same addresses. Then press again; it goes on where it stopped."
            ),
        )
    return Finding(
        code="amazon-unreachable",
        severity=Severity.BLOCKED,
        what=f"Amazon could not be reached: {reason}.",
        to_do="Check the connection to the internet, and press again; it goes on where it stopped.",
    )


def address_open(url: str) -> Finding:
    """That an address would carry credentials or the seller's data in the open, so that nothing was sent to it."""
    parts = urlsplit(url)
    return Finding(
        code="amazon-address-open",
        severity=Severity.REFUSED,
        what=f"The address {parts.scheme}://{parts.hostname or ''} is not https; nothing was sent there.",
        to_do=(
            "Connect Amazon again without an address of your own; Tieout knows Amazon's. A practice Amazon on this"
            " machine needs no https, and none other does without."
        ),
    )


def denied(what: str, role: str, words: str = "") -> Finding:
    """That the application may not ask this: a role is missing, or the permission is of another region."""
    named = f"the role {role}" if role else "the role for it"
    return Finding(
        code="amazon-access-denied",
        severity=Severity.REFUSED,
        what=(
            f"Amazon denies {what}: the application lacks {named}, or the seller's permission is for another region."
            + (f" Amazon says: {words}" if words else "")
        ),
        to_do=(
            f"In Seller Central (Apps and Services, Develop Apps) give the application {named}, authorise it again,"
            " and connect with the new refresh token of the right region."
        ),
        subject=role,
    )


def refused(what: str, status: int, words: str) -> Finding:
    """That Amazon did not accept what was asked."""
    return Finding(
        code="amazon-refused",
        severity=Severity.BLOCKED,
        what=f"Amazon refuses {what} (status {status}): {words or 'it does not say why'}.",
        to_do="Press again; if it stays so, report it with this text: the request itself does not fit.",
    )


def secret_refused(words: str) -> Finding:
    """That the application's own credentials are not accepted."""
    return Finding(
        code="amazon-secret-refused",
        severity=Severity.REFUSED,
        what=f"Amazon does not accept the application's client id and secret ({words}).",
        to_do=(
            "A secret ends 180 days after it was made. Make a new one in Seller Central (Develop Apps, View, LWA"
            " credentials), and connect Amazon again with it."
        ),
    )


def permission_ended(words: str) -> Finding:
    """That the seller's permission (the refresh token) is not accepted."""
    return Finding(
        code="amazon-permission-ended",
        severity=Severity.REFUSED,
        what=f"Amazon does not accept the refresh token ({words}): the seller's permission ended or was withdrawn.",
        to_do="Authorise the application again in Seller Central, and connect Amazon with the new refresh token.",
    )


def not_connected() -> Finding:
    """That there are no credentials."""
    return Finding(
        code="amazon-not-connected",
        severity=Severity.REFUSED,
        what="This company is not connected to Amazon.",
        to_do="Connect it with `tieout connect amazon`, or import files with `tieout import`, which needs none.",
    )


def page_repeats(what: str) -> Finding:
    """That Amazon gives the same page again and again."""
    return Finding(
        code="amazon-page-repeats",
        severity=Severity.BLOCKED,
        what=f"Amazon gave the same page of {what} again and again, so the listing did not end.",
        to_do="Press again in some minutes; what was read so far is kept.",
    )


def too_many_pages(what: str, pages: int) -> Finding:
    """That a listing has more pages than any that is meant."""
    return Finding(
        code="amazon-too-many-pages",
        severity=Severity.BLOCKED,
        what=f"The listing of {what} did not end after {pages:,} pages.",
        to_do="Press again: what was read so far is kept, and it goes on from there.",
    )


def document_damaged(name: str, why: str) -> Finding:
    """That a document came damaged each time."""
    return Finding(
        code="amazon-document-damaged",
        severity=Severity.BLOCKED,
        what=f"The document of {name} arrived damaged each time: {why.rstrip('.')}.",
        to_do="Press again later; nothing of it was used.",
        subject=name,
    )
