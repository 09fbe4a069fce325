"""Every command and button that a page, a message or a sheet names is one, with the options it is named with."""

import ast
import re
import shlex
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from tieout.cli.app import app
from tieout.sheets.layout import load_layout

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
SHEETS = sorted(path for path in (ROOT / "workbook").rglob("*") if path.suffix in {".toml", ".xml", ".bas", ".cls"})
MODULES = sorted((ROOT / "addin").rglob("*.py"))

_SPAN = re.compile(r"`(tieout(?: [^`]*)?)`")
_CODE_LINE = re.compile(r"^(tieout .*)$", re.MULTILINE)
# What stands for a word of the user's: FILE…, NAME, BUTTON, {name}, a file of the example.
_PLACEHOLDER = re.compile(r"[A-Z][A-Z…]*…?|…|.*[{}].*")
_BUTTON = re.compile(r"\b(?:[Pp]ress(?:ing)?|[Bb]uttons?) \*?(?P<name>[A-Z][a-z-][A-Za-z-]+)")
# Keys and products that are pressed or named where buttons are.
_NO_BUTTONS = frozenset({"Ctrl-C", "Ctrl", "Enter", "Esc", "Alt"})


def texts() -> Iterator[tuple[str, str]]:
    """Every text that people read, with where it stands: pages, sheets, and strings of the package."""
    for path in (*PAGES, *SHEETS):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in MODULES:
        for text in strings(ast.parse(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(ROOT)), text


def strings(tree: ast.AST) -> Iterator[str]:
    """The strings of a module; what an f-string puts in is `{}`."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def commands() -> list[tuple[str, str]]:
    """Every command that is named: where, and as it is to be typed."""
    found: dict[tuple[str, str], None] = {}
    for where, text in texts():
        lines = _CODE_LINE.findall(text) if where.endswith(".md") else []
        for command in (*_SPAN.findall(text), *lines):
            found[where, " ".join(command.split())] = None
    return list(found)


def problem(command: str) -> str:
    """Why a command can't be run as it is named; empty where it can."""
    typed = re.split(r"\s[>#]\s?", command)[0]
    words = [word.rstrip(",") for word in shlex.split(typed)][1:]
    here: Any = typer.main.get_command(app)
    while words and hasattr(here, "commands") and not words[0].startswith("-"):
        if words[0] not in here.commands:
            return f"{words[0]} is no command"
        here = here.commands[words.pop(0)]
    if words and hasattr(here, "commands") and words[0] not in options(here):
        return f"{words[0]} is no option"
    arguments = [one for one in here.params if one.param_type_name == "argument"]
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            if not arguments:
                return f"it takes no {word}"
            if fault := unfit(arguments[0], word):
                return fault
            if arguments[0].nargs == 1:
                arguments.pop(0)
            continue
        name, _, value = word.partition("=")
        option = options(here).get(name)
        if option is None:
            return f"{name} is no option"
        if not option.is_flag:
            if not value and not words:
                return f"{name} lacks its value"
            if fault := unfit(option, value or words.pop(0)):
                return fault
    return ""


def options(command: Any) -> dict[str, Any]:
    """The options of a command, by every name that they have."""
    named = {
        name: one
        for one in command.params
        if one.param_type_name == "option"
        for name in (*one.opts, *one.secondary_opts)
    }
    helping = command.get_help_option(typer.Context(command))
    return named | (dict.fromkeys(helping.opts, helping) if helping is not None else {})


def unfit(parameter: Any, word: str) -> str:
    """Why a word is none that a parameter takes, where it takes certain words only."""
    if _PLACEHOLDER.fullmatch(word):
        return ""
    kind = parameter.type_descriptor.annotation
    enums = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, Enum)]
    choices = [str(one.value) for one in enums[0]] if enums else None
    if parameter.name == "button":
        choices = [one.press for one in load_layout().buttons]
    return "" if choices is None or word in choices else f"{word} is none of {', '.join(choices)}"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("tieout demo", ""),
        ("tieout settlement show FILES…", ""),
        ("tieout download settlements orders", ""),
        ("tieout practice serve --json > practice.json", ""),
        ("tieout press check-up --book BOOK.xlsm --rows 5,7-9", ""),
        ("tieout settle", "settle is no command"),
        ("tieout settlement undo 1", "undo is no command"),
        ("tieout demo --sed 3", "--sed is no option"),
        ("tieout press check-ups --book BOOK.xlsm", "check-ups is none of"),
        ("tieout download gifts", "gifts is none of"),
        ("tieout check-up now", "it takes no now"),
    ],
)
def test_a_wrong_command_would_be_seen(command: str, why: str) -> None:
    assert problem(command).startswith(why)
    assert bool(problem(command)) is bool(why)


def test_every_command_that_is_named_can_be_run_as_it_is_named() -> None:
    named = commands()
    assert len(named) > 80
    assert {place: why for place in named if (why := problem(place[1]))} == {}


def test_every_button_that_is_named_is_one() -> None:
    layout = load_layout()
    first_words = {label.split()[0] for one in layout.buttons for label in (one.label, one.full_label)}
    named = {(where, found["name"]) for where, text in texts() for found in _BUTTON.finditer(text)}
    assert len(named) > 10
    assert {one for one in named if one[1] not in first_words | _NO_BUTTONS} == set()


def test_every_command_is_on_a_page() -> None:
    """What nobody is told of is not there."""

    def all_commands(command: Any, path: str) -> Iterator[str]:
        if not hasattr(command, "commands"):
            yield path
        for name, inner in getattr(command, "commands", {}).items():
            yield from all_commands(inner, f"{path} {name}")

    pages = " ".join(path.read_text(encoding="utf-8") for path in PAGES)
    missing = [one for one in all_commands(typer.main.get_command(app), "tieout") if one not in pages]
    assert missing == []
