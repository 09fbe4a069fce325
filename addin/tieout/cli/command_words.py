"""Advice in the words of the terminal: a finding says "press the button again", where a command was run instead."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

import typer

_PRESS = re.compile(r"\b(?P<press>[Pp])ress(?: the button)? again\b")
# Commands that do press a button.
_PRESSING = frozenset({"tieout press", "tieout demo"})

_RUNNING: ContextVar[str] = ContextVar("running", default="")


def name_commands(app: typer.Typer, path: str) -> None:
    """Let each command of an app be known by how it is typed while it runs; `path` is the app's own name."""
    for group in app.registered_groups:
        assert group.typer_instance is not None, "every group is an app"
        name_commands(group.typer_instance, f"{path} {group.name}")
    for command in app.registered_commands:
        assert command.callback is not None, "every command is a function"
        name = command.name or command.callback.__name__.replace("_", "-")
        command.callback = _named(command.callback, f"{path} {name}")


def in_terminal(text: str) -> str:
    """Advice for somebody who runs a command; unchanged for one that presses buttons, and outside of any."""
    command = _RUNNING.get()
    if not command or command in _PRESSING:
        return text
    return _PRESS.sub(lambda found: f"{'R' if found['press'] == 'P' else 'r'}un `{command}` again", text)


def _named(work: Callable[..., Any], command: str) -> Callable[..., Any]:
    @wraps(work)
    def run(*arguments: Any, **options: Any) -> Any:
        before = _RUNNING.set(command)
        try:
            return work(*arguments, **options)
        finally:
            _RUNNING.reset(before)

    return run
