"""What an answer says of its request: one line, one answer."""

from typing import Any

import pytest

from tieout.domain.posting import Outcome
from tieout.quickbooks.faults import faults_in, verdict

CLOSED = "The account period has closed and the account books cannot be updated through through the QBO Services API."


def _fault(code: str, message: str = "", detail: str = "") -> dict[str, Any]:
    return {"Fault": {"Error": [{"Message": message, "Detail": detail, "code": code}], "type": "ValidationFault"}}


SIGN_IN = {
    "fault": {"error": [{"message": "AuthenticationFailed", "detail": "expired", "code": "3200"}], "type": "X"}
}


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"JournalEntry": {}}, None),
        (200, {"QueryResponse": {}}, None),
        (429, None, Outcome.WAIT),
        (429, _fault("3001", "ThrottleExceeded"), Outcome.WAIT),
        (400, _fault("003001", "ThrottleExceeded"), Outcome.WAIT),
        (401, SIGN_IN, Outcome.SIGN_IN),
        (401, None, Outcome.SIGN_IN),
        (403, _fault("3100", "ApplicationAuthorizationFailed"), Outcome.SIGN_IN),
        (400, _fault("120", "Authorization Failure"), Outcome.SIGN_IN),
        (400, _fault("6200", "Account Period Closed"), Outcome.CLOSED_PERIOD),
        (400, _fault("6210", "Account Period Closed, Cannot Update Through Services API"), Outcome.CLOSED_PERIOD),
        (400, _fault("5010", "Account Period Closed"), Outcome.CLOSED_PERIOD),
        (400, _fault("6000", "A business validation error", CLOSED), Outcome.CLOSED_PERIOD),
        (400, _fault("6210", "Duplicate Document Number Error"), Outcome.CONFLICT),
        (400, _fault("6140", "Duplicate Document Number Error"), Outcome.CONFLICT),
        (400, _fault("5010", "Stale Object Error"), Outcome.CONFLICT),
        (400, _fault("6240", "Duplicate Name Exists Error"), Outcome.CONFLICT),
        (400, _fault("600", "Duplicate Request ID"), Outcome.APPLIED),
        (400, _fault("610", "Object Not Found"), Outcome.NOT_APPLIED),
        (
            400,
            _fault("2500", "Invalid Reference Id", "Something you're trying to use has been made inactive"),
            Outcome.NOT_APPLIED,
        ),
        (400, _fault("2300", "debits not equal to credits"), Outcome.NOT_APPLIED),
        (400, _fault("6000", "A business validation error"), Outcome.NOT_APPLIED),
        (200, _fault("6000", "A business validation error"), Outcome.NOT_APPLIED),
        (400, _fault("not a number", "who knows"), Outcome.NOT_APPLIED),
        (400, _fault("", "no code at all"), Outcome.NOT_APPLIED),
        (500, _fault("10000", "An application error has occurred"), Outcome.UNKNOWN),
        (400, _fault("10000", "An application error has occurred"), Outcome.UNKNOWN),
        (500, _fault("6000", "A business validation error"), Outcome.UNKNOWN),
        (503, None, Outcome.UNKNOWN),
        (200, None, Outcome.UNKNOWN),
        (302, None, Outcome.UNKNOWN),
        (404, None, Outcome.UNKNOWN),
        (400, {"something": "else"}, Outcome.UNKNOWN),
        (200, ["a list"], Outcome.UNKNOWN),
    ],
)
def test_an_answer_is_classified(status: int, body: Any, outcome: Outcome | None) -> None:
    found = verdict(status, body, "1-abc")
    assert (found.outcome if found else None) is outcome
    if found is not None:
        assert "1-abc" in found.finding.what


def test_every_error_of_an_answer_is_read_and_told() -> None:
    body = {"Fault": {"Error": [{"Message": "First", "code": "2050"}, {"Message": "Second", "code": "2090"}]}}
    assert [fault.code for fault in faults_in(body)] == ["2050", "2090"]
    found = verdict(400, body, "")
    assert found is not None
    assert "First; Second" in found.finding.what
    assert found.finding.to_do.startswith("Shorten")


def test_what_must_not_be_mistaken_comes_first() -> None:
    """A closed period beside a validation error is a closed period."""
    errors = [{"Message": "Invalid Number", "code": "2090"}, {"Message": "Account Period Closed", "code": "6210"}]
    found = verdict(400, {"Fault": {"Error": errors}}, "")
    assert found is not None
    assert found.outcome is Outcome.CLOSED_PERIOD


@pytest.mark.parametrize(
    "body", [None, [], {}, {"Fault": None}, {"Fault": {"Error": ["text"]}}, {"Fault": "text"}, 7]
)
def test_an_odd_body_has_no_faults(body: Any) -> None:
    assert faults_in(body) == ()
