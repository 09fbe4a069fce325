"""Files written whole: links and leftovers in the way lead nowhere, and nothing stays half-written."""

import os
import threading
from pathlib import Path

import pytest

from tieout.durable_file import whole_file, write_durably


def _new(path: Path) -> Path:
    """Where the new content stands meanwhile: anybody who knows the process can tell."""
    return path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")


def test_a_link_in_the_files_place_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "proof.xlsx"
    elsewhere.write_bytes(b"theirs")
    path.symlink_to(elsewhere)
    write_durably(path, b"ours")
    assert elsewhere.read_bytes() == b"theirs"
    assert (path.read_bytes(), path.is_symlink()) == (b"ours", False)


@pytest.mark.parametrize("private", [False, True])
def test_a_link_in_the_new_files_place_is_not_followed(tmp_path: Path, private: bool) -> None:
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "secrets.json"
    elsewhere.write_bytes(b"theirs")
    _new(path).symlink_to(elsewhere)
    write_durably(path, b"ours", private=private)
    assert elsewhere.read_bytes() == b"theirs"
    assert path.read_bytes() == b"ours"
    assert not _new(path).exists()


def test_a_private_file_is_private_whatever_was_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    for left in (path, _new(path)):
        left.write_bytes(b"left behind")
        left.chmod(0o666)
    write_durably(path, b"ours", private=True)
    assert path.read_bytes() == b"ours"
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_keeps_the_rights_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(b"before")
    path.chmod(0o640)
    write_durably(path, b"after")
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_fails_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(b"before")

    def half() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half()
    assert [each.name for each in tmp_path.iterdir()] == ["report.csv"]
    assert path.read_bytes() == b"before"


def test_a_folder_that_is_a_file_or_a_loop_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "report.csv", tmp_path / "loop" / "report.csv", tmp_path / "folder"):
        with pytest.raises(OSError):
            write_durably(path, b"ours")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder", "loop"]
