"""QuickBooks' published limits, a hundred times over: for tests of what is pressed, not of how fast it may go.

Both sides keep to them, our client and practice QuickBooks. The limits themselves are tried in `tests/quickbooks`,
`tests/practice` and `tests/faults`, and by the demo and the command line's tests, which keep to the published ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tieout.practice.quickbooks import throttle
from tieout.quickbooks import pace

_TIMES = 100


@contextmanager
def unhurried() -> Iterator[None]:
    """While it lasts, presses don't wait for QuickBooks' limits."""
    with pytest.MonkeyPatch.context() as patch:
        for module, names in (
            (pace, ("REQUESTS_A_SECOND_MAX", "REQUESTS_A_MINUTE_MAX", "BATCHES_A_MINUTE_MAX")),
            (throttle, ("REQUESTS_PER_SECOND", "REQUESTS_PER_MINUTE", "BATCHES_PER_MINUTE")),
        ):
            for name in names:
                full = f"QUICKBOOKS_{name}" if module is pace else name
                patch.setattr(module, full, _TIMES * getattr(module, full))
        yield
