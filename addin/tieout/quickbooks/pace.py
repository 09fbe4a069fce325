"""The pace that Intuit allows: so many requests a second, so many a minute, for one company."""

from collections import deque
from datetime import datetime, timedelta

from tieout.limits import QUICKBOOKS_REQUESTS_A_MINUTE_MAX, QUICKBOOKS_REQUESTS_A_SECOND_MAX
from tieout.ports import Clock

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Pace:
    """Waits before a request that would be one too many."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: deque[datetime] = deque(maxlen=QUICKBOOKS_REQUESTS_A_MINUTE_MAX)

    def wait(self) -> None:
        """Return when the next request may go out, and count it."""
        while not self._free():
            self._clock.sleep(1)
        self._sent.append(self._clock.now())

    def _free(self) -> bool:
        now = self._clock.now()
        if len(self._sent) == QUICKBOOKS_REQUESTS_A_MINUTE_MAX and now - self._sent[0] < _MINUTE:
            return False
        recent = len(self._sent) - QUICKBOOKS_REQUESTS_A_SECOND_MAX
        return recent < 0 or now - self._sent[recent] >= _SECOND
