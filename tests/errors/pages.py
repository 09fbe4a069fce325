"""Makes docs/errors.md from the cases: `python -m tests.errors.pages` writes it, the tests compare it."""

import importlib
import pkgutil
import tempfile
from pathlib import Path

import tests.errors
from tests.errors.case import ErrorCase
from tieout.domain.finding import Finding

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "errors.md"
HEAD = """# What Tieout says, and what to do

Every finding has a code. `refused`: the input could not be read, nothing of it is used. `blocked`: it was read, and
does not post until someone decides. `notice`: worth a look; it stops nothing. This page is made from the tests that
provoke each finding (`python -m tests.errors.pages`).
"""


def all_cases() -> list[ErrorCase]:
    """Every documented case, by code; two cases of one code stand in the order of their modules."""
    modules = sorted(m.name for m in pkgutil.iter_modules(tests.errors.__path__) if m.name.startswith("cases_"))
    cases = [case for name in modules for case in importlib.import_module(f"tests.errors.{name}").CASES]
    return sorted(cases, key=lambda case: case.code)


def section(case: ErrorCase, folder: Path) -> str:
    """A case's section; the first finding of its code, provoked in an empty folder, is the example."""
    finding = next(f for f in case.provoke(folder) if f.code == case.code)
    return section_of(case, finding, folder)


def section_of(case: ErrorCase, finding: Finding, folder: Path) -> str:
    """A case's section, with a finding that came of it in a folder."""
    example = str(finding).replace(str(folder), "…")
    head = f"## {case.code}\n\n**{case.title}** ({finding.severity})"
    return f"{head}\n\n{case.meaning.strip()}\n\n> {example}\n"


def page() -> str:
    """The page's text."""
    parts = [HEAD]
    for case in all_cases():
        with tempfile.TemporaryDirectory() as folder:
            parts.append(section(case, Path(folder)))
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
