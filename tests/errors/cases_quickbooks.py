"""What QuickBooks, or the way to it, can say."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.errors.case import ErrorCase
from tests.faults.world import two_settlements, world
from tieout.domain.finding import Finding
from tieout.quickbooks.faults import unreachable, verdict

TID = "1-65f0a1b2-3c4d5e6f"


def _answer(status: int, code: str = "", message: str = "", detail: str = "") -> Callable[[Path], Iterable[Finding]]:
    """An answer as Intuit sends it."""
    body: Any = None
    if code:
        error = {"Message": message, "Detail": detail, "code": code, "element": ""}
        body = {"Fault": {"Error": [error], "type": "ValidationFault"}, "time": "2026-03-02T01:00:00-08:00"}

    def provoke(_: Path) -> Iterable[Finding]:
        found = verdict(status, body, TID)
        return [found.finding] if found else []

    return provoke


def _stopped_server(folder: Path) -> Iterable[Finding]:
    with world(folder) as there:
        there.practice.stop()
        return there.post(two_settlements()).findings


CASES = [
    ErrorCase(
        "quickbooks-unreachable",
        "QuickBooks can't be reached",
        "No connection was made, so nothing was sent.",
        lambda _: [
            unreachable("no connection came about, or it broke", "https://quickbooks.api.intuit.com/v3/company/1")
        ],
    ),
    ErrorCase(
        "quickbooks-unreachable",
        "The practice QuickBooks is not running",
        "A practice company lives on servers of this computer. They have to run while anything asks them.",
        _stopped_server,
    ),
    ErrorCase(
        "quickbooks-no-answer",
        "QuickBooks gave no usable answer",
        "A time-out, a broken connection or an error of the server leaves open whether the work was done. QuickBooks"
        " is asked what came of it before anything is sent again.",
        _answer(503),
    ),
    ErrorCase(
        "quickbooks-throttled",
        "Too many requests",
        "Intuit lets so many requests a minute and a month through. Tieout waits some minutes, and then says so.",
        _answer(429, "3001", "message=ThrottleExceeded; errorCode=003001; statusCode=429"),
    ),
    ErrorCase(
        "quickbooks-sign-in",
        "QuickBooks wants you to sign in",
        "A connection lasts 100 days without use and five years at most, and ends when somebody disconnects it.",
        _answer(401, "3200", "message=AuthenticationFailed; errorCode=003200; statusCode=401", "Token revoked"),
    ),
    ErrorCase(
        "quickbooks-period-closed",
        "QuickBooks refused a closed period",
        "The closing date is read before anything is sent; this one was moved meanwhile, or could not be read.",
        _answer(400, "6210", "Account Period Closed, Cannot Update Through Services API", "The period has closed."),
    ),
    ErrorCase(
        "quickbooks-number-taken",
        "QuickBooks refused a number",
        "QuickBooks can be set to warn of duplicate numbers; then it takes no second document of one number.",
        _answer(400, "6140", "Duplicate Document Number Error", "Duplicate Document Number Error : AMZ-444-1."),
    ),
    ErrorCase(
        "quickbooks-changed-meanwhile",
        "Somebody was quicker",
        "A document is deleted only in the version that was read and compared.",
        _answer(400, "5010", "Stale Object Error", "You and another user were working on this at the same time."),
    ),
    ErrorCase(
        "quickbooks-name-taken",
        "A name that is taken",
        "Names of accounts are unique in QuickBooks, inactive ones included.",
        _answer(400, "6240", "Duplicate Name Exists Error", "The name supplied already exists. : Id=79."),
    ),
    ErrorCase(
        "quickbooks-received-before",
        "A request that QuickBooks has received before",
        "Each document is sent under an id of its own. QuickBooks says that it knows this one; the next press finds"
        " out what came of it.",
        _answer(400, "600", "Duplicate Request ID"),
    ),
    ErrorCase(
        "quickbooks-inactive",
        "Something is inactive or missing in QuickBooks",
        "Accounts are checked before anything is sent; this one was changed meanwhile.",
        _answer(400, "610", "Object Not Found", "Something you're trying to use has been made inactive."),
    ),
    ErrorCase(
        "quickbooks-refused",
        "QuickBooks refused a document",
        "QuickBooks' own sentence says why. Nothing of the document was posted.",
        _answer(400, "6000", "A business validation error has occurred", "Choose a VAT rate for each line."),
    ),
]
