"""A practice company that is in use."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.errors.case import ErrorCase
from tests.faults.world import TestClock
from tieout.amazon_wiring import download_desk
from tieout.commands.companies import new_company, read_practice_connection
from tieout.commands.practice_books import make_practice_books, practice_amazon, practice_books
from tieout.domain.finding import Finding
from tieout.wiring import OpenCompany, Refused, bind_to_practice, companies, open_company


def _practising(folder: Path, clock: TestClock) -> OpenCompany:
    company = new_company("Practice", "US")
    assert not isinstance(company, Finding)
    added = companies(folder).add(company)
    assert not isinstance(added, Finding)
    with open_company("Practice", folder, clock) as opened:
        read = read_practice_connection(json.dumps(make_practice_books(opened.folder, "US", clock)), "here")
        assert not isinstance(read, Finding)
        bound = bind_to_practice(added, read, folder)
        assert not isinstance(bound, Finding)
    return replace(opened, company=bound)


def _in_use(folder: Path) -> Iterable[Finding]:
    clock = TestClock()
    opened = _practising(folder, clock)
    found = []
    with practice_books(opened.folder, clock), practice_amazon(opened.folder, clock):
        for opening in (opened.books(), download_desk(opened)):
            try:
                with opening:
                    pass
            except Refused as refused:
                found.append(refused.finding)
    assert len(found) == 2
    return found


CASES = [
    ErrorCase(
        "practice-company-busy",
        "Two presses in one practice company",
        "A practice company's Amazon and QuickBooks are files in its folder, and run while a button is pressed. A"
        " press in another workbook of the same company waits half a minute for them.",
        _in_use,
    ),
]
