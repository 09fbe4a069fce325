"""Real processes: killed by the system in the middle, and several at once."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.faults.world import World, two_settlements, world
from tieout.practice.quickbooks import PracticeQuickBooks

ROOT = Path(__file__).resolve().parent.parent.parent


def _start(there: World) -> subprocess.Popen[bytes]:
    address = json.dumps(asdict(there.address))
    command = [sys.executable, "-m", "tests.faults.press", str(there.folder), address]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.mark.parametrize(("op", "nth"), [("create", 1), ("create", 2), ("read", 1), ("create", 3)])
def test_a_process_that_the_system_kills_is_taken_over_at_once(tmp_path: Path, op: str, nth: int) -> None:
    """It dies when QuickBooks has its n-th request in hand, whose work is done all the same."""
    with world(tmp_path) as there:
        reached, killed = threading.Event(), threading.Event()

        def hold(_practice: PracticeQuickBooks) -> None:
            reached.set()
            killed.wait(30)

        there.practice.add_faults([{"match": {"op": op, "nth": nth}, "do": hold}])
        process = _start(there)
        assert reached.wait(30), (process.communicate(timeout=30), process.returncode)
        process.kill()
        process.communicate(timeout=30)
        killed.set()
        slept = there.clock.slept
        report = there.post(two_settlements())
        assert report.complete, report.findings
        assert there.clock.slept - slept < 140  # no wait for the dead one's lease, only for its request
        there.check_books(two_settlements())
        there.check_store()
        there.check_quiet(two_settlements())


def test_processes_that_post_at_once_post_once(tmp_path: Path) -> None:
    """Who comes second waits for the first, and then finds everything posted."""
    with world(tmp_path) as there:
        processes = [_start(there) for _ in range(2)]
        said = [process.communicate(timeout=60)[1].decode() for process in processes]
        assert [process.returncode for process in processes] == [0, 0], said
        there.check_books(two_settlements())
        there.check_store()
        there.check_quiet(two_settlements())
