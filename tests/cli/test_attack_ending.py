"""However the command ends: a sentence and an exit status, never a traceback; with --json a last line of JSON."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_settlement_show import PLAIN
from tieout.cli import app as front
from tieout.cli.run import INTERRUPTED, main
from tieout.cli.terminal import Terminal
from tieout.commands import files

RUN = [sys.executable, "-c", "from tieout.cli import main; main()"]

Ended = tuple[int, str, str]


@pytest.fixture
def tieout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs the command line in this process; gives exit status, standard output, standard error."""
    monkeypatch.setattr(Terminal, "answers", 0)

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["tieout", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run


def raising(error: BaseException) -> Callable[..., Any]:
    def work(*_: object, **__: object) -> None:
        raise error

    return work


def codes(out: str) -> list[str]:
    return [error["code"] for error in json.loads(out.splitlines()[-1])["errors"]]


def test_ctrl_c_is_answered_by_a_sentence(
    tieout: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(_: object) -> None:
        signal.raise_signal(signal.SIGINT)
        time.sleep(30)  # Python answers a signal a moment later

    monkeypatch.setattr(files, "read_documents", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as it is when a program starts
    try:
        status, out, err = tieout("settlement", "show", str(tmp_path), "--json")
    finally:
        signal.signal(signal.SIGINT, before)
    assert status == INTERRUPTED
    assert "You stopped it" in err
    assert codes(out) == ["interrupted"]


def test_ctrl_c_before_anything_is_imported(tieout: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "app", raising(KeyboardInterrupt()))
    status, out, err = tieout("check-up")
    assert (status, out) == (INTERRUPTED, "")
    assert "You stopped it" in err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "machine-failed"),
        (PermissionError(errno.EACCES, "Permission denied", "/there"), "machine-failed"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "/there"), "machine-failed"),
        (MemoryError(), "out-of-memory"),
    ],
)
def test_what_a_machine_comes_to_is_said(
    tieout: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, error: Exception, code: str, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "read_documents", raising(error))
    status, out, err = tieout("settlement", "show", str(tmp_path), "--json")
    assert status == 1
    assert codes(out) == [code]
    assert str(getattr(error, "strerror", None) or "memory") in err


def test_a_fault_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "read_documents", raising(RuntimeError("a fault of ours")))
    monkeypatch.setattr(sys, "argv", ["tieout", "settlement", "show", str(tmp_path)])
    with pytest.raises(RuntimeError, match="a fault of ours"):
        main()


@pytest.mark.parametrize(
    "arguments", [("settlement", "show"), ("settlement", "show", "x", "--method", "magic"), ("no",)]
)
def test_wrong_usage_is_json_too_where_json_was_asked_for(
    tieout: Callable[..., Ended], arguments: tuple[str, ...]
) -> None:
    status, out, _ = tieout(*arguments, "--json")
    assert status == 2
    assert codes(out) == ["wrong-usage"]
    status, out, _ = tieout(*arguments)
    assert (status, out) == (2, "")


def test_what_could_not_be_read_is_answered_once(tieout: Callable[..., Ended], tmp_path: Path) -> None:
    status, out, _ = tieout("settlement", "show", str(tmp_path / "absent.txt"), "--json")
    assert status == 2
    assert codes(out) == ["file-not-found"]
    assert len(out.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_under_the_output_and_a_closed_output(tmp_path: Path) -> None:
    path = tmp_path / "settlement.txt"
    path.write_text(PLAIN, encoding="utf-8")
    command = [*RUN, "settlement", "show", str(path), "--json"]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert ended.returncode == 1
    assert "No space left" in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()
    closed = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *command], stderr=subprocess.PIPE, check=False, timeout=60, env=os.environ
    )
    assert closed.returncode == 0
    assert "Traceback" not in closed.stderr.decode()
