"""Hostile and unlucky files, as a user names them: each an exact total with all rows, or a finding; always JSON."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.cli.test_settlement_show import PLAIN, settlement_text
from tieout.cli.app import app
from tieout.cli.terminal import Terminal
from tieout.commands import files

# What some programs take for the end of a line, or a terminal for a command.
BREAKERS = ["\x85", "\u2028", "\u2029", "\x1b[31m", "\x9b2J", "\x1b]0;owned\x07", "\u202e", "\x08", "\x7f"]


def show(*arguments: str | Path) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(app, ["settlement", "show", *map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    # Every way of dividing lines, as a program that reads the last one might.
    return result, json.loads(result.stdout.splitlines()[-1])


def codes(said: dict[str, Any]) -> list[str]:
    return [error["code"] for error in said["errors"]]


def write(folder: Path, content: str | bytes, name: str = "settlement.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("breaker", BREAKERS)
def test_no_text_of_a_file_breaks_the_json_line_or_commands_a_terminal(tmp_path: Path, breaker: str) -> None:
    name = f"Fee {breaker}of the moon"
    text = settlement_text("1.00", ("Order", f"Item{breaker}Price", name, "1.00"))
    result, said = show(write(tmp_path, text))
    assert result.exit_code == 1
    [unmapped] = said["settlements"][0]["unmapped"]
    assert unmapped["amount_description"] == name
    assert codes(said) == ["fee-unmapped"]
    for output in (result.stdout, result.stderr):
        assert not any(c in output for c in "\x1b\x07\x08\x7f\x85\x9b\u2028\u2029\u202e"), output


def test_no_name_of_a_file_is_read_as_markup_or_commands_a_terminal(tmp_path: Path) -> None:
    hostile = tmp_path / "[red][ bold]\x1b[31m\x07[link=x] b.txt"
    hostile.write_text(PLAIN + "x", encoding="utf-8")
    result, said = show(hostile)
    assert codes(said) == ["settlement-cut-off"]
    assert said["errors"][0]["file"] == str(hostile)
    assert "\x1b" not in result.stderr
    assert "[ bold]\\x1b[31m" in result.stderr.replace("\n", "")


def test_no_account_of_a_mapping_commands_a_terminal(tmp_path: Path) -> None:
    own = (
        "transaction_type,amount_type,amount_description,group,account\n"
        "Order,ItemPrice,Principal,Sales,\x1b[31mX\x1b[0m\n"
    )
    result, said = show(write(tmp_path, PLAIN), "--mappings", write(tmp_path, own, "own.csv"))
    assert result.exit_code == 0
    assert said["settlements"][0]["journals"][0]["lines"][0]["account"] == "\x1b[31mX\x1b[0m"
    assert "\x1b" not in result.output
    assert "\\x1b[31mX\\x1b[0m" in result.stderr


def test_progress_shows_names_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal, where progress is shown at all."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with Terminal(as_json=True).progress() as progressed:
        progressed("Reading [/b]\x1b]0;owned\x07.txt", 0, 1)
    err = capsys.readouterr().err
    assert "Reading [/b]\\x1b]0;owned\\x07.txt" in err
    assert "\x1b]0;" not in err


def test_an_id_is_not_read_as_markup(tmp_path: Path) -> None:
    result, said = show(write(tmp_path, settlement_text("1.00", ("[/b]", "[/b]", "[/b]", "1.00"))))
    assert codes(said) == ["fee-unmapped"]
    assert "[/b]" in result.stderr


@pytest.mark.parametrize("digits", ["9" * 5_000, "9" * 5_000 + ".00", "-" + "1" * 5_000])
def test_an_amount_of_thousands_of_digits_is_a_finding(tmp_path: Path, digits: str) -> None:
    for text in (
        settlement_text(digits, ("Order", "ItemPrice", "Principal", "1.00")),
        settlement_text("1.00", ("Order", "ItemPrice", "Principal", digits)),
    ):
        result, said = show(write(tmp_path, text))
        assert result.exit_code == 2
        assert codes(said) == ["settlement-amount-unreadable"]


def test_zeros_before_an_amount_are_nothing(tmp_path: Path) -> None:
    text = settlement_text("0" * 5_000 + "1.00", ("Order", "ItemPrice", "Principal", "1." + "0" * 5_000))
    result, said = show(write(tmp_path, text))
    assert result.exit_code == 0
    assert said["settlements"][0]["total"] == "1.00"


def test_a_text_of_megabytes_does_not_fill_the_screen(tmp_path: Path) -> None:
    text = settlement_text("1.00", ("Order", "ItemPrice", "A" * 2_000_000, "1.00"))
    result, said = show(write(tmp_path, text))
    assert codes(said) == ["fee-unmapped"]
    assert len(said["settlements"][0]["unmapped"][0]["amount_description"]) == 2_000_000
    assert len(said["errors"][0]["message"]) < 6_000
    assert len(result.stderr) < 10_000
    assert "characters left out" in result.stderr.replace("\n", " ")


@pytest.mark.parametrize(
    "settlement_id",
    [
        "31000000001.00",
        "31,000,000,001",
        "31 000 000 001",
        "'31000000001",
        "31000000001\u200b",
        "３１０００００００００１",
    ],
)
def test_an_id_that_another_program_changed_is_no_new_settlement(tmp_path: Path, settlement_id: str) -> None:
    """It would post the same settlement a second time, under another number."""
    text = settlement_text("1.00", ("Order", "ItemPrice", "Principal", "1.00"), settlement_id=settlement_id)
    result, said = show(write(tmp_path, text))
    assert (result.exit_code, said["settlements"]) == (2, [])
    assert codes(said) == ["settlement-id-damaged"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_and_a_device_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "settlement.txt"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        result, said = show(path)
        assert result.exit_code == 2
        assert codes(said) == ["file-unreadable"]
        assert "not a file" in said["errors"][0]["message"]
    plain = write(tmp_path, PLAIN, "plain.txt")
    for option in (pipe, Path("/dev/zero")):
        result, said = show(plain, "--mappings", option)
        assert (result.exit_code, codes(said)) == (2, ["mapping-file-unreadable"])


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="this system has no names for open files")
def test_what_a_shell_pipes_in_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    try:
        os.write(writing, PLAIN.encode())
        os.close(writing)
        result, said = show(f"/dev/fd/{reading}")
    finally:
        os.close(reading)
    assert result.exit_code == 0
    assert said["settlements"][0]["total"] == "85.00"


def test_a_name_that_is_too_long_or_a_loop_is_a_finding(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    result, said = show("x" * 5_000, loop)
    assert result.exit_code == 2
    assert codes(said) == ["file-unreadable", "file-unreadable"]


def test_an_empty_name_is_not_the_folder_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script whose variable is empty would post whatever lies there."""
    write(tmp_path, PLAIN)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["settlement", "show", "", "--json"])
    assert result.exit_code == 2
    assert "31000000001" not in result.output


def test_a_folder_that_stays_closed_is_said_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, PLAIN)
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "back").symlink_to(tmp_path, target_is_directory=True)
    scandir = os.scandir

    def guarded(path: Any) -> Any:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(closed))
        return scandir(path)

    monkeypatch.setattr(files.os, "scandir", guarded)
    result, said = show(tmp_path)
    assert result.exit_code == 1
    assert [settlement["settlement_id"] for settlement in said["settlements"]] == ["31000000001"]
    assert codes(said) == ["file-unreadable"]
    assert said["errors"][0]["file"] == str(closed)


def test_thousands_of_unknown_kinds_are_told_in_reasonable_work(tmp_path: Path) -> None:
    """Each finding was held against each before it."""
    rows = [("Order", "ItemPrice", f"Moon {number}", "1.00") for number in range(1_500)]
    result, said = show(write(tmp_path, settlement_text("1500.00", *rows)))
    assert result.exit_code == 1
    assert codes(said) == ["fee-unmapped"] * 1_500


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \n\r\n"])
def test_an_empty_mapping_file_is_not_as_if_none_were_named(tmp_path: Path, content: bytes) -> None:
    result, said = show(write(tmp_path, PLAIN), "--mappings", write(tmp_path, content, "own.csv"))
    assert (result.exit_code, said["settlements"]) == (2, [])
    assert codes(said) == ["mapping-file-unreadable"]


def test_a_mapping_column_that_stands_twice_decides_nothing(tmp_path: Path) -> None:
    own = "transaction_type,amount_type,amount_description,group,group\nOrder,ItemPrice,Principal,Sales,Refunds\n"
    result, said = show(write(tmp_path, PLAIN), "--mappings", write(tmp_path, own, "own.csv"))
    assert result.exit_code == 1
    assert codes(said) == ["mapping-file-unreadable"]
    assert said["settlements"][0]["journals"] == []


@pytest.mark.parametrize(
    ("rows", "columns", "fits"), [(5_000, 0, True), (5_001, 0, False), (1, 96, True), (1, 97, False)]
)
def test_the_size_of_a_mapping_has_a_bound(tmp_path: Path, rows: int, columns: int, fits: bool) -> None:
    head = ",".join(["transaction_type,amount_type,amount_description,group", *(f"x{n}" for n in range(columns))])
    own = head + "\n" + "".join(f"Order,ItemPrice,Moon {number},Sales\n" for number in range(rows))
    result, said = show(write(tmp_path, PLAIN), "--mappings", write(tmp_path, own, "own.csv"))
    assert result.exit_code == (0 if fits else 1)
    assert codes(said) == ([] if fits else ["mapping-file-unreadable"])
