"""What some buttons need of the outside, built from the press. See `wiring`."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, cast

from tieout.commands.check_up import Check
from tieout.commands.companies import PracticeConnection
from tieout.commands.download_desk import DownloadDesk
from tieout.commands.presses.press import Press
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.wiring import OpenCompany, bind_to_practice

if TYPE_CHECKING:
    from tieout.store.company_store import CompanyStore


def bind(press: Press) -> Callable[[PracticeConnection], Company | Finding]:
    """Binds the company of a press to practice servers."""
    return lambda connection: bind_to_practice(press.company, connection)


def desk_of(press: Press) -> AbstractContextManager[DownloadDesk]:
    """What downloading for the company of a press needs."""
    from tieout.amazon_wiring import download_desk

    return download_desk(_opened(press), press.tell)


def files_desk_of(press: Press) -> AbstractContextManager[DownloadDesk]:
    """The same for files, which needs no seller account."""
    from tieout.amazon_wiring import download_desk

    return download_desk(_opened(press), press.tell, with_amazon=False)


def checks_of(press: Press) -> Iterator[Check]:
    """The check-up of the company of a press."""
    from tieout.check_wiring import company_checks

    return company_checks(_opened(press))


def _opened(press: Press) -> OpenCompany:
    """The company as the runner opened it; a press needs less of it."""
    store = cast("CompanyStore", press.store)
    return OpenCompany(press.company, press.folder, store, press.chart, press.clock)
