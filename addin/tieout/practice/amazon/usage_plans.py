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


class Buckets:
    """The buckets of one server; with `enabled` False they never run dry."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._lock = Lock()
        self._levels: dict[tuple[str, str], tuple[int, int]] = {}

    def take(self, operation: str, account: str, plan: Plan, now_ms: int) -> bool:
        """Take one request out of a bucket; False if it holds none."""
        if not self._enabled:
            return True
        with self._lock:
            level, since_ms = self._levels.get((operation, account), (plan.burst * _ONE, now_ms))
            filled = min(plan.burst * _ONE, level + max(0, now_ms - since_ms) * plan.rate_e4)
            allowed = filled >= _ONE
            self._levels[operation, account] = (filled - _ONE if allowed else filled, max(now_ms, since_ms))
            return allowed
