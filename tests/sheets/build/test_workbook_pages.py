"""The documentation of the ribbon and of the sheets says what the layout says."""

from tests.sheets.build.pages import pages
from tieout.sheets.layout import load_layout


def test_the_pages_are_up_to_date() -> None:
    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, f"run python -m tests.sheets.build.pages: {path.name}"


def test_every_button_has_a_section() -> None:
    text = next(text for path, text in pages().items() if path.name == "ribbon.md")
    for button in load_layout().buttons:
        assert f"### {button.full_label}\n" in text
        assert f"`tieout press {button.press} --book BOOK.xlsm`" in text
