"""The way from the ribbon: VBA names a button, Python finds the book that called, and shows at once that it began.

Excel itself is not here: the book that calls is open in the file engine, as somebody looks at it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.buttons.desk import Desk
from tieout import buttons
from tieout.sheets import file_dialog, opening
from tieout.sheets.book import XlwingsBook
from tieout.sheets.engines import activate

FIRST = """
import sys
from tieout import buttons
from tieout.sheets import book, opening

class Shown(Exception):
    pass

def told(self, what, *_):
    print(what, *sorted({"sqlalchemy", "requests", "xlsxwriter", "tieout.wiring"} & set(sys.modules)), sep="|")
    raise Shown

opening.excel_book = lambda: None
book.XlwingsBook.tell = told
try:
    buttons.press("post-settlements")
except Shown:
    pass
"""


def test_the_first_sign_of_life_comes_before_anything_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "post-settlements: began"


def test_a_press_from_excel_says_on_home_what_came_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    activate("file")
    with desk.opened() as closed:
        book = closed.xlwings_book
        monkeypatch.setattr(opening, "excel_book", lambda: book)
        monkeypatch.setattr(file_dialog, "chosen_files", lambda _: tuple(desk.files.iterdir()))
        book.sheets["Settlements"].activate()
        live = XlwingsBook(book, is_live=True)
        # As VBA does before it calls.
        live.set_cells({"LastSentence": None, "TieoutStatus": "Starting Python"})

        buttons.press("import-settlements")

        assert live.cell("TieoutStatus") == "Ready"
        assert live.cell("LastButton") == "import-settlements"
        assert live.cell("LastOutcome") == "Done in part"
        assert str(live.cell("LastSentence")).startswith("4 settlements imported, 1 blocked")
        assert book.sheets.active.name == "Settlements"

        book.sheets["Settlements"].range("A6:D7").select()
        buttons.press("preview-settlements")
        assert "(selected)" in str(live.cell("LastSentence"))
        buttons.press("undo-settlements")
        assert "Nothing was undone" in str(live.cell("LastSentence"))
    assert [row.text("button") for row in desk.table("Activity").rows][:3] == [
        "undo-settlements",
        "preview-settlements",
        "import-settlements",
    ]
    assert len({row.text("settlement_id") for row in desk.table("JournalPreview").rows}) in {1, 2}


def test_what_was_posted_is_told_settlement_by_settlement(imported: Desk) -> None:
    posted = imported.press("post-settlements").outcome.posted
    assert posted is not None
    assert sorted(one.state for one in posted.settlements) == ["Blocked", "Posted", "Posted", "Posted"]
    for one in posted.settlements:
        assert (one.tie.quickbooks_total == one.tie.amazon_total) is (one.state == "Posted")
