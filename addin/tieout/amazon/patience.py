"""How patiently something is tried again.

Waits are a little longer at random, so that programs which failed together do not come back together.
"""

from collections.abc import Sequence
from random import Random

from tieout.limits import AMAZON_RETRY_WAITS_SECONDS
from tieout.ports import Clock


class Patience:
    """Waits before tries. `waits` are in whole seconds; without any nothing is tried twice."""

    def __init__(self, clock: Clock, dice: Random, waits: Sequence[int] = AMAZON_RETRY_WAITS_SECONDS) -> None:
        self._clock, self._dice, self._waits = clock, dice, tuple(waits)

    def tries(self) -> "Tries":
        """The tries of one thing."""
        return Tries(self._clock, self._dice, list(self._waits))

    def pause(self, seconds_max: int) -> None:
        """Wait up to so many seconds."""
        self._clock.sleep(self._dice.randint(0, seconds_max))


class Tries:
    """What is left of the tries of one thing."""

    def __init__(self, clock: Clock, dice: Random, waits: list[int]) -> None:
        self._clock, self._dice, self._waits = clock, dice, waits

    def another(self) -> bool:
        """Wait for another try, up to half as long again as planned; False where there is none left."""
        if not self._waits:
            return False
        wait = self._waits.pop(0)
        self._clock.sleep(wait + self._dice.randint(0, wait // 2))
        return True
