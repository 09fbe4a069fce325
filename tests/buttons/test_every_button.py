"""Every button of the ribbon is bound, documented, and pressed by its own name; and the guide is what it says."""

import re
from pathlib import Path

import pytest

from tests.buttons.desk import Desk
from tieout import buttons
from tieout.buttons import BUTTONS, button
from tieout.commands.presses.guide import anchor, guide_page
from tieout.sheets.build.ribbon import ribbon_xml
from tieout.sheets.layout import ButtonLayout, load_layout

RIBBON = load_layout().buttons
LATER = [one for one in RIBBON if one.later]


@pytest.fixture(scope="session")
def guide(root: Path) -> str:
    return (root / "docs" / "guide.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("one", RIBBON, ids=lambda one: one.press)
def test_each_button_has_its_function_or_says_what_will_come(one: ButtonLayout) -> None:
    assert (one.press in BUTTONS) is not bool(one.later)
    assert callable(button(one.press))
    if one.press in BUTTONS:
        assert BUTTONS[one.press] is getattr(buttons, one.press.replace("-", "_"))


def test_nothing_is_bound_that_the_ribbon_has_not() -> None:
    assert set(BUTTONS) <= {one.press for one in RIBBON}
    with pytest.raises(KeyError):
        button("post-everything")


@pytest.mark.parametrize("one", RIBBON, ids=lambda one: one.press)
def test_each_button_has_its_section_in_the_guide(one: ButtonLayout, guide: str) -> None:
    heading = f"### {one.full_label} (`{one.press}`)"
    assert guide.count(f"{heading}\n") == 1, heading
    section = guide.split(heading)[1].split("\n#", maxsplit=1)[0].strip()
    assert len(section) > 10
    assert ("comes with a later version" in section.lower()) is bool(one.later)


def test_the_guide_has_no_section_of_a_button_that_is_none(guide: str) -> None:
    sections = re.findall(r"^### .* \(`([a-z-]+)`\)$", guide, re.MULTILINE)
    assert sections == [one.press for one in RIBBON]


def test_buttons_that_are_not_built_are_grey() -> None:
    xml = ribbon_xml(load_layout().ribbon).decode("utf-8")
    for one in RIBBON:
        element = next(line for line in xml.splitlines() if f'tag="{one.press}|' in line)
        assert ('enabled="false"' in element) is bool(one.later)
        assert ("getEnabled=" in element) is not bool(one.later)


@pytest.mark.parametrize("one", LATER[:2], ids=lambda one: one.press)
def test_a_button_that_is_not_built_says_what_it_will_do(one: ButtonLayout, desk: Desk) -> None:
    pressed = desk.press(one.press)
    assert str(pressed.outcome.result) == "Refused"
    assert one.later in pressed.outcome.message
    assert desk.table("Activity").rows[0].text("button") == one.press


def test_the_guide_opens_as_a_page(desk: Desk, guide: str) -> None:
    pressed = desk.press("guide")
    [page] = pressed.outcome.files
    shown = page.read_text(encoding="utf-8")
    for heading in re.findall(r"^#{1,3} (.+)$", guide, re.MULTILINE):
        assert f'id="{anchor(heading)}"' in shown
    assert shown.count("<table>") == len(re.findall(r"^\|-", guide, re.MULTILINE))
    assert "```" not in shown
    assert "**" not in shown


def test_links_within_the_guide_lead_somewhere(guide: str, root: Path) -> None:
    anchors = {anchor(heading) for heading in re.findall(r"^#{1,3} (.+)$", guide, re.MULTILINE)}
    targets = re.findall(r"\]\(([^)]+)\)", guide)
    assert targets
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("https://"):
            page = target.partition("#")[0]  # tests/test_page_links.py follows what comes after it
            assert page == "errors.md" or (root / "docs" / page).is_file(), target


def test_a_page_keeps_what_a_browser_would_take_for_markup() -> None:
    page = guide_page("# A & B\n\n1. one <two>\n   goes on\n2. `x < y`\n\n3. three")
    assert '<h1 id="a--b">A &amp; B</h1>' in page
    assert '<ol start="1"><li>one &lt;two&gt; goes on</li><li><code>x &lt; y</code></li></ol>' in page
    assert '<ol start="3"><li>three</li></ol>' in page
