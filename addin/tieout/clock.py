"""The machine's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The time as the machine has it, in UTC."""

    def now(self) -> datetime:
        """The aware moment, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: int) -> None:
        """Wait so many whole seconds."""
        time.sleep(seconds)

    def sleep_milliseconds(self, milliseconds: int) -> None:
        """Wait so many thousandths of a second."""
        time.sleep(milliseconds / 1000)
