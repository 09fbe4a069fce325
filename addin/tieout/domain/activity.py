"""An entry of the activity log: who did what to what, when, and what it was before and after."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

# What the first entry of a log names as the entry before it.
FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing done. `at` is aware; `what` a short verb phrase ("posted"); `subject` what it was done to."""

    at: datetime
    who: str
    what: str
    subject: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class LoggedActivity:
    """An activity in its place in the log: number from 1, the hash of the entry before, its own hash."""

    number: int
    activity: Activity
    previous_hash: str
    hash: str


def chained_hash(number: int, activity: Activity, previous_hash: str) -> str:
    """The SHA-256 of an entry and the hash before it; fields are joined by a sign that no text of ours holds."""
    fields = (
        str(number),
        activity.at.isoformat(),
        activity.who,
        activity.what,
        activity.subject,
        activity.before,
        activity.after,
        previous_hash,
    )
    return hashlib.sha256("\x1f".join(fields).encode("utf-8")).hexdigest()
