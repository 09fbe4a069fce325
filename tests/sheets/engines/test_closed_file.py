"""A workbook's file is replaced whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from tieout.sheets.engines import BookIsOpen, closed_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"old")
    return file


def test_the_new_file_keeps_the_permissions_of_the_old(path: Path) -> None:
    path.chmod(0o600)
    closed_file.replace_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_new_file_is_made(tmp_path: Path) -> None:
    closed_file.replace_whole(tmp_path / "new.xlsx", b"data")
    assert (tmp_path / "new.xlsx").read_bytes() == b"data"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(OSError, match="No space left"):
        closed_file.replace_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_the_system_holds_is_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BookIsOpen, match=r"book\.xlsx is open in another program\. Close it there") as refused:
        closed_file.replace_whole(path, b"new")
    assert refused.value.path == path
    monkeypatch.undo()
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_may_not_be_read_is_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = closed_file.Seen.of(path, b"old")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    for attempt in (lambda: closed_file.read(path), seen.check_unchanged):
        with pytest.raises(BookIsOpen):
            attempt()


def test_marks_of_other_programs(path: Path) -> None:
    closed_file.check_not_open(path)
    owner = path.with_name("~$book.xlsx")
    owner.write_bytes(b"")
    with pytest.raises(BookIsOpen, match=r"is open in Excel\..*delete ~\$book\.xlsx"):
        closed_file.check_not_open(path)
    owner.unlink()
    path.with_name(".~lock.book.xlsx#").write_bytes(b"")
    with pytest.raises(BookIsOpen, match=r"is open in LibreOffice\..*delete \.~lock\.book\.xlsx#"):
        closed_file.check_not_open(path)
