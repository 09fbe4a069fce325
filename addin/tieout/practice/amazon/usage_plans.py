"""Amazon's usage plans: a bucket of requests for each operation and seller account, filled at a steady rate.

Rates and bursts are those of the models' operation descriptions. Counting is exact: a rate is a whole number of
ten-thousandths of a request a second, a bucket's content a whole number of ten-millionths of a request.
"""

from dataclasses import dataclass
from threading import Lock

_ONE = 10_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The steady rate, in ten-thousandths of a request a second, and how many requests a full bucket holds."""

    rate_e4: int
    burst: int

    @property
    def header(self) -> str:
        """The value of x-amzn-RateLimit-Limit: requests a second as decimal text."""
        whole, part = divmod(self.rate_e4, 10_000)
        return f"{whole}.{part:04d}".rstrip("0") + ("0" if part == 0 else "")

    def times(self, factor: int) -> "Plan":
        """A plan that lets so many times as much through."""
        return Plan(self.rate_e4 * factor, self.burst * factor)


class Buckets:
    """The buckets of one server, which grants `times` the published plans; with 0 they never run dry."""

    def __init__(self, times: int) -> None:
        self._times = times
        self._lock = Lock()
        self._levels: dict[tuple[str, str], tuple[int, int]] = {}

    def granted(self, published: Plan) -> Plan:
        """The plan that holds here: what answers tell of it. What never runs dry is told as published."""
        return published.times(self._times or 1)

    def take(self, operation: str, account: str, published: Plan, now_ms: int) -> bool:
        """Take one request out of a bucket; False if it holds none."""
        if not self._times:
            return True
        plan = self.granted(published)
        with self._lock:
            level, since_ms = self._levels.get((operation, account), (plan.burst * _ONE, now_ms))
            filled = min(plan.burst * _ONE, level + max(0, now_ms - since_ms) * plan.rate_e4)
            allowed = filled >= _ONE
            self._levels[operation, account] = (filled - _ONE if allowed else filled, max(now_ms, since_ms))
            return allowed
