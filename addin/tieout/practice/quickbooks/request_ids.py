"""The `requestid` of a write, in three moods.

`replay`: a request id that was used is answered with the answer of its first use and nothing is done (Intuit's
blog of 2015-04-06). `error600`: it is refused with 600, "Duplicate Request ID" (Intuit's list of error codes).
`ignored`: it is not looked at, as reports from the field say happens. Only accepted writes are remembered: a
request that was refused may be sent again under its id. At most 50 characters, 36 on a batch.
"""

from enum import StrEnum

from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault

LENGTH_MAX = 50
BATCH_LENGTH_MAX = 36
BATCH_ITEM_LENGTH_MAX = 10


class Mood(StrEnum):
    """What the server does with a request id it has seen."""

    REPLAY = "replay"
    ERROR_600 = "error600"
    IGNORED = "ignored"


def check(request_id: str, length_max: int) -> None:
    """2130 for an id that is too long."""
    if len(request_id) > length_max:
        raise fault("2130", f"A request id has at most {length_max} characters; this one has {len(request_id)}.")


def earlier_answer(company: Company, request_id: str, mood: Mood) -> str | None:
    """The stored answer of a write under this id, or None if there is none to give."""
    if mood is Mood.IGNORED:
        return None
    row = company.store.row("SELECT answer FROM requests WHERE id = ?", (request_id,))
    if row is None:
        return None
    if mood is Mood.ERROR_600:
        raise fault("600", f"Duplicate Request ID : {request_id} already exists.", "requestid")
    return str(row[0])


def remember(company: Company, request_id: str, answer: str) -> None:
    """Keep the answer of an accepted write."""
    company.store.run("INSERT OR REPLACE INTO requests VALUES (?, ?)", (request_id, answer))
