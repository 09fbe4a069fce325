"""Connect Amazon: a practice seller by a file, or seen whether the connection of every seller account works."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from tieout.commands.download_desk import DownloadDesk
from tieout.commands.presses.ending import SIGN_IN_AGAIN
from tieout.commands.presses.practice import Bind, bound_to_practice
from tieout.commands.presses.press import Outcome, Press, Result, counted, refused
from tieout.commands.presses.showing import connection_cells
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_id
from tieout.download_ports import Amazon, AmazonUnavailable

# Opens what downloading for the company of a press needs, its sellers at Amazon among it.
OpenDesk = Callable[[Press], AbstractContextManager[DownloadDesk]]


def connect_amazon(press: Press, bind: Bind, open_desk: OpenDesk) -> Outcome:
    """Ask Amazon for each seller account whether it lets us in; a file binds the company to practice servers.

    A real account's credentials are asked for in a terminal, where they are not shown: `tieout connect amazon`.
    """
    if press.files:
        bound = bound_to_practice(press, bind)
        if isinstance(bound, Finding):
            return refused(bound)
        press = replace(press, company=bound)
    if not press.company.sellers:
        return not_connected(press)
    try:
        with open_desk(press) as desk:
            names = [name for regions in desk.sellers for amazon in regions for name in _marketplaces(amazon)]
            sellers = len(desk.sellers)
    except AmazonUnavailable as unavailable:
        return unavailable_outcome(press, unavailable)
    kind = "practice seller account" if press.company.practice else "seller account"
    return Outcome(
        result=Result.DONE,
        message=f"{press.company.name} is connected to {counted(sellers, kind)}: {', '.join(dict.fromkeys(names))}.",
        cells=connection_cells(press),
        count=sellers,
    )


def not_connected(press: Press) -> Outcome:
    """The outcome of a press that needs Amazon, in a company that has no seller account."""
    outcome = refused(_from_terminal(press.company.name))
    return replace(outcome, result=Result.SIGN_IN, cells=connection_cells(press))


def unavailable_outcome(press: Press, unavailable: AmazonUnavailable) -> Outcome:
    """The outcome of a press that Amazon gave no usable answer."""
    outcome = refused(unavailable.finding)
    if not unavailable.sign_in:
        return replace(outcome, cells=connection_cells(press))
    return replace(outcome, result=Result.SIGN_IN, cells=signs_in_again(press))


def signs_in_again(press: Press) -> dict[str, str]:
    """What Home says of the connections where Amazon does not accept the credentials any more."""
    return {**{name: str(value) for name, value in connection_cells(press).items()}, "AmazonState": SIGN_IN_AGAIN}


def _marketplaces(amazon: Amazon) -> list[str]:
    """The names of the marketplaces of a region in which the seller takes part, and that are known here."""
    return [one.name for one in amazon.participations() if one.participates and by_id(one.marketplace_id) is not None]


def _from_terminal(company: str) -> Finding:
    return Finding(
        code="amazon-connect-from-terminal",
        severity=Severity.REFUSED,
        what=f"{company} is not connected to a seller account yet.",
        to_do="Run `tieout connect amazon` in a terminal, which asks for the credentials without showing them.",
        subject=company,
    )
