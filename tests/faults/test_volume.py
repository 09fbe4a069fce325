"""Posting at volume keeps to Intuit's limits and uses them, on a simulated clock, like the whole benchmark."""

from pathlib import Path

import pytest

from benchmarks.posting import AIM, least_seconds, run


@pytest.mark.parametrize(
    ("creations", "others", "seconds"),
    [
        (300, 0, 0),  # ten batches
        (301, 0, 1),
        (1_200, 0, 3),  # forty batches
        (1_201, 0, 4),
        (1_660, 0, 49),  # a minute's batches and single documents
        (1_661, 0, 60),
        (1_600, 60, 49),
        (0, 11, 1),
    ],
)
def test_the_least_is_what_the_limits_allow(creations: int, others: int, seconds: int) -> None:
    assert least_seconds(creations, others) == seconds


def test_more_orders_than_a_minute_has_batches_for_are_posted_as_soon_as_may_be(tmp_path: Path) -> None:
    """Nothing is throttled (the practice company holds the limits), and little of what is allowed is left unused."""
    result = run(1_300, 0, 0, tmp_path)
    creations = {path: result.requests[path] for path in ("batch", "invoice")}
    assert creations["batch"] == 40
    assert creations["invoice"] == 1_300 - 7 - 40 * 30
    others = result.requests.total() - sum(creations.values()) - result.requests["bearer"]
    assert others < 12
    assert result.seconds <= AIM * least_seconds(1_300, others)


def test_answers_that_take_long_are_waited_for_together(tmp_path: Path) -> None:
    """Ten batches of thirty, three seconds each: not thirty seconds."""
    result = run(307, 0, 100, tmp_path)
    assert result.requests["batch"] == 10
    assert 3 <= result.seconds < 6
