"""Links between the pages lead somewhere, and sentences that a page says Tieout says are said."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))

_LINK = re.compile(r"(?<!!)\[(?:[^\]]|\[\d+\])*\]\((?P<target>[^)\s]+)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# What the code puts into sentences, in the examples of the page: regions, a role and its use, a day and a number.
_PUT_IN = re.compile(r"\b(?:NA|EU|Inventory and Order Tracking|orders|2027-05-23|12)\b")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").casefold())
        found.add(plain.strip().replace(" ", "-"))
    return found


def broken(page: Path) -> Iterator[str]:
    """Links of a page that lead nowhere."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    for target in (*_LINK.findall(text), *_PICTURE.findall(text)):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            yield target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


def test_a_broken_link_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "guide.md"
    page.write_text(
        "# One thing\n\n[a](#one-thing) [b](#another) [c](gone/lost.md) [[1]](#one-thing)\n", encoding="utf-8"
    )
    assert list(broken(page)) == ["#another", "gone/lost.md"]


def sentences() -> str:
    """Every text of the package, f-strings with `{}` where something is put in."""
    texts = []
    for path in sorted((ROOT / "addin").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
                texts.append("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts)


def test_what_the_page_on_amazon_says_that_tieout_says_is_said() -> None:
    page = (ROOT / "docs" / "amazon.md").read_text(encoding="utf-8")
    table = page[page.index("### What goes wrong") : page.index("## What is downloaded")]
    told = [quote for row in table.splitlines() if row.startswith("|") for quote in re.findall(r"\*([^*]+)\*", row)]
    assert len(told) >= 10
    said = bare(sentences().replace("{}", ""))
    for quote in told:
        assert bare(_PUT_IN.sub("", quote)).rstrip(".") in said, quote


def bare(text: str) -> str:
    """A text without its spaces, so that what is put in leaves no trace."""
    return "".join(text.split())
