"""When a connection to QuickBooks ends, told ahead.

A connection lasts 100 days after it was last used, and five years at most after it was made (Intuit, its notices on
refresh tokens). Nobody should find out by a press that refuses.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tieout.commands.check_up import Check, Health
from tieout.limits import CONNECTION_TOLD_AHEAD_DAYS

_REFRESH_ENDS, _CONNECTION_ENDS = "refresh_ends_at", "connection_ends_at"


def check_connection_ends(values: Mapping[str, str], now: datetime) -> Check:
    """The check of a connection whose vault holds `values`."""
    name = "QuickBooks connection"
    rolling, hard = _moment(values, _REFRESH_ENDS), _moment(values, _CONNECTION_ENDS)
    ends = min((moment for moment in (rolling, hard) if moment is not None), default=None)
    if ends is None:
        return Check(name, Health.GOOD, "When it ends is known after its first use.")
    left = (ends - now) // timedelta(days=1)
    if left < 0:
        return Check(name, Health.BAD, f"It ended on {ends.date().isoformat()}.", "Connect QuickBooks again.")
    seen = f"It ends on {ends.date().isoformat()}"
    if hard is not None and hard == ends:
        seen += ", whether it is used or not"
    else:
        seen += " if it is not used until then"
    if left > CONNECTION_TOLD_AHEAD_DAYS:
        return Check(name, Health.GOOD, f"{seen}.")
    connect = "Connect QuickBooks again before that day."
    to_do = connect if hard == ends else "Whatever asks QuickBooks renews it, such as the button Refresh lists."
    return Check(name, Health.LOOK, f"{seen}: {left} days from now.", to_do)


def _moment(values: Mapping[str, str], name: str) -> datetime | None:
    text = values.get(name, "")
    return datetime.fromisoformat(text) if text else None
