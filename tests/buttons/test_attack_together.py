"""Two copies of a workbook, pressed at once by two programs: everything is posted once, and both learn it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

from tests.buttons.desk import Desk

TIEOUT = [sys.executable, "-m", "tieout"]


def _start(desk: Desk, button: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*TIEOUT, "press", button, "--book", str(desk.book), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TIEOUT_HOME": str(desk.home)},
    )


def _said(running: subprocess.Popen[str]) -> dict[str, object]:
    out, err = running.communicate(timeout=120)
    assert "Traceback" not in err, err
    said: dict[str, object] = json.loads(out.strip().splitlines()[-1])
    return said


def _twin(desk: Desk) -> Desk:
    """The same company's workbook on another desk of the same computer."""
    book = desk.book.with_name("Acme - Ben.xlsm")
    shutil.copy(desk.book, book)
    return replace(desk, book=book)


def test_two_workbooks_of_one_company_post_once(imported: Desk) -> None:
    twin = _twin(imported)
    running = [_start(each, "post-settlements") for each in (imported, twin)]
    said = [_said(each) for each in running]
    codes = {finding["code"] for each in said for finding in each["findings"]}  # type: ignore[attr-defined]
    assert "posted-twice" not in codes
    journals = [each["DocNumber"] for each in imported.journals()]
    assert len(journals) == len(set(journals)) == 4
    for desk in (imported, twin):
        desk.press("post-settlements")
        assert list(desk.states().values()).count("Posted") == 3
    assert len(imported.journals()) == 4


def test_one_posts_while_the_other_undoes(posted: Desk) -> None:
    twin = _twin(posted)
    running = [_start(posted, "undo-settlements"), _start(twin, "post-settlements")]
    for each in running:
        _said(each)
    for desk in (posted, twin):
        desk.press("post-settlements")
    journals = [each["DocNumber"] for each in posted.journals()]
    assert len(journals) == len(set(journals)) == 4
    for desk in (posted, twin):
        assert list(desk.states().values()).count("Posted") == 3
