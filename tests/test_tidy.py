"""What a linter can't hold: exactness, names, sizes, and that nothing of this machine gets in."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "addin" / "tieout"
EXACT = ("domain", "parse", "rules", "reconcile")
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc", "stuff"}
MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60
FILE_BYTES_MAX = 1_000_000


def tracked_files() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: which files belong to the project is not known")
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_float_in_the_exact_core() -> None:
    offenders = []
    for part in EXACT:
        for path in sorted((PACKAGE / part).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = isinstance(node, ast.Name) and node.id == "float"
                polars = isinstance(node, ast.Attribute) and node.attr in {"Float32", "Float64"}
                literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
                if named or polars or literal:
                    offenders.append(f"{relative(path)}:{node.lineno}")
    assert offenders == []


def test_names_say_what_a_module_does() -> None:
    assert [relative(path) for path in modules() if path.stem in VAGUE_NAMES] == []


def test_modules_are_small() -> None:
    long = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in long.items() if lines > MODULE_LINES_MAX} == {}


def test_functions_are_short() -> None:
    long = []
    for path in modules():
        for function in functions(ast.parse(path.read_text(encoding="utf-8"))):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                long.append(f"{relative(path)}:{function.name} ({lines})")
    assert long == []


def test_no_file_is_large() -> None:
    assert [relative(path) for path in tracked_files() if path.stat().st_size > FILE_BYTES_MAX] == []


def test_no_binary_is_kept_but_pictures() -> None:
    binary = [path for path in tracked_files() if b"\0" in path.read_bytes()[:8192] and path.suffix != ".png"]
    assert [relative(path) for path in binary] == []


def test_nothing_of_a_machine_or_registry_is_kept() -> None:
    address = re.compile(r"https?://[^\s\"')]*(?:pypi\.org/simple|files\.pythonhosted|registry\.npmjs)")
    home = re.compile(r"(?<![\w.])/(?:home|Users|root)/[a-z]\w*/")
    offenders = []
    for path in tracked_files():
        if path.suffix == ".png" or path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if address.search(text) or home.search(text):
            offenders.append(relative(path))
    assert offenders == []


def test_what_is_cited_is_here() -> None:
    """Code and pages cite the project's own documents by name; each is one that a reader can open."""
    cited = re.compile(r"(?<![\w/])(?:docs/)?[A-Za-z-]+\.md\b|\bDESIGN\b")
    known = {path.name for path in tracked_files() if path.suffix == ".md"}
    lost: dict[str, set[str]] = {}
    for path in tracked_files():
        if path.suffix not in {".py", ".md", ".toml"} or path == Path(__file__).resolve():
            continue
        for name in cited.findall(path.read_text(encoding="utf-8")):
            if name.rsplit("/", 1)[-1] not in known:
                lost.setdefault(relative(path), set()).add(name)
    assert lost == {}


def test_constraints_name_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line)] == []


def test_changelog_keeps_its_form() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    sections = [line for line in lines if line.startswith("## ")]
    assert sections
    assert sections[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[[^\]]+\](?: - \d{4}-\d{2}-\d{2})?", line) for line in sections)
    kinds = {line[4:] for line in lines if line.startswith("### ")}
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
