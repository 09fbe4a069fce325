"""Guide: opens docs/guide.md, made into a page that a browser shows."""

import html
import re
import webbrowser
from pathlib import Path

from tieout.commands.presses.press import Outcome, Result
from tieout.durable_file import write_durably
from tieout.resources import packaged

GUIDE = "docs/guide.md"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_INLINE = (
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*([^*\s][^*]*)\*(?!\w)"), r"<em>\1</em>"),
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
)
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Tieout: the guide</title>
<style>body{{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f2933}}
code,pre{{background:#eef1f3;padding:.1em .3em}}pre{{padding:.7em;overflow:auto}}h1,h2,h3{{color:#17495c}}
table{{border-collapse:collapse}}td,th{{border:1px solid #d5dce0;padding:.3em .6em;text-align:left}}</style>
{body}
</html>
"""


def open_guide(folder: Path, *, show: bool) -> Outcome:
    """Write the guide as a page into `folder`, and show it in the browser where somebody is looking."""
    page = folder / "guide.html"
    write_durably(page, guide_page(packaged(GUIDE).read_text(encoding="utf-8")).encode("utf-8"))
    if show:
        webbrowser.open(page.as_uri())
    return Outcome(Result.DONE, f"The guide is {page}.", files=(page,))


def guide_page(text: str) -> str:
    """The guide's text as a page: headings, paragraphs, lists, tables and code as the guide uses them."""
    body: list[str] = []
    for block in re.split(r"\n{2,}", text.strip()):
        lines = block.splitlines()
        first = lines[0]
        if first.startswith("#"):
            level = len(first) - len(first.lstrip("#"))
            title = first.lstrip("#").strip()
            body.append(f'<h{level} id="{anchor(title)}">{_inline(title)}</h{level}>')
        elif first.startswith("```"):
            body.append(f"<pre>{html.escape(chr(10).join(lines[1:-1]))}</pre>")
        elif first.startswith("|"):
            body.append(_table(lines))
        elif re.match(r"(?:\d+\.|-) ", first):
            body.append(_list(lines))
        else:
            body.append(f"<p>{_inline(' '.join(lines))}</p>")
    return _PAGE.format(body="\n".join(body))


def anchor(title: str) -> str:
    """The anchor that a heading has on GitHub and here."""
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def _list(lines: list[str]) -> str:
    number = re.match(r"\d+", lines[0])
    tag, start = ("ol", f' start="{number[0]}"') if number is not None else ("ul", "")
    items: list[str] = []
    for line in lines:
        begun = re.match(r"(?:\d+\.|-) +(.*)", line)
        if begun:
            items.append(begun[1])
        else:
            items[-1] += f" {line.strip()}"
    return f"<{tag}{start}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{_inline(cell)}</th>" for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>" for row in rows[2:])
    return f"<table><tr>{head}</tr>{body}</table>"


def _inline(text: str) -> str:
    plain = html.escape(text, quote=False)
    for pattern, by in _INLINE:
        plain = pattern.sub(by, plain)
    return _LINK.sub(_linked, plain)


def _linked(match: re.Match[str]) -> str:
    """A link; the other pages of the documentation are not beside this one, so their names stay names."""
    text, target = match[1], match[2]
    return f'<a href="{target}">{text}</a>' if target.startswith(("#", "https://")) else text
