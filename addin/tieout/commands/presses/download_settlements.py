"""Download settlements: what Amazon lists and the store has not, kept as it came and shown as imported files are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tieout.commands import download_settlements as downloading
from tieout.commands.download_desk import DownloadDesk, DownloadReport
from tieout.commands.download_finances import download_deferred, download_vat
from tieout.commands.presses.choices import read_choices
from tieout.commands.presses.connect_amazon import OpenDesk, not_connected, signs_in_again
from tieout.commands.presses.gather import gather
from tieout.commands.presses.press import Outcome, Press, Result, counted
from tieout.commands.presses.showing import (
    DOWNLOAD,
    DOWNLOAD_ONCE,
    REVIEW,
    Found,
    Sheets,
    connection_cells,
    marketplaces_of,
    previewed,
)
from tieout.domain.finding import Finding, any_stops
from tieout.sheets.settlement_rows import BLOCKED

# What is found at one press and not at the next, though it is as true then: it stays on Exceptions.
_SAID_ONCE = frozenset({"settlements-out-of-reach", "settlements-missed"})


def download_settlements(press: Press, open_desk: OpenDesk) -> Outcome:
    """Fetch every settlement that Amazon still lists, each once, and show it.

    With them comes what belongs to the same money: deferred transactions, and in Europe VAT reports, which Amazon
    takes minutes to make: those asked for come with the next press.
    """
    if not press.company.sellers:
        return not_connected(press)
    choices = read_choices(press)
    with open_desk(press) as desk:
        report = downloading.download_settlements(desk, press.tell)
        more = _finances(desk, press) if report.complete else ()
    told = tuple(dict.fromkeys((*report.findings, *(finding for one in more for finding in one.findings))))
    gathered = gather(press, choices, also=report.new)
    new = [one for one in gathered.standings if one.settlement_id in set(report.new)]
    sheets = Sheets(press, choices)
    sheets.settlements(gathered, [one.shown(press) for one in gathered.standings])
    sheets.preview(one.shown(press) for one in previewed(choices, gathered))
    sheets.exceptions(
        [
            Found(REVIEW, (*choices.findings, *gathered.findings)),
            Found(DOWNLOAD, [one for one in told if one.code not in _SAID_ONCE]),
            Found(DOWNLOAD_ONCE, [one for one in told if one.code in _SAID_ONCE], frozenset()),
        ],
        marketplaces_of(gathered),
    )
    own = [finding for one in new for finding in one.review.findings]
    findings = tuple(dict.fromkeys((*choices.findings, *told, *own)))
    sign_in = any(one.sign_in for one in (report, *more))
    return Outcome(
        result=download_result(replace(report, sign_in=sign_in), findings),
        message=" ".join((_message(report, sum(one.state == BLOCKED for one in new)), *_told_of(more))),
        findings=findings,
        refreshes=tuple(sheets.refreshes),
        cells=signs_in_again(press) if sign_in else connection_cells(press),
        count=len(report.new),
    )


def _finances(desk: DownloadDesk, press: Press) -> tuple[DownloadReport, ...]:
    return download_deferred(desk, press.tell), download_vat(desk, press.tell, patient=False)


def _told_of(more: Sequence[DownloadReport]) -> Iterator[str]:
    """What else came, or is to come; nothing where all is as it was."""
    return (one.summary for one in more if one.changed or one.asked)


def download_result(report: DownloadReport, findings: Sequence[Finding]) -> Result:
    """How a download ended: nothing came and something stopped it, or part of it, or all."""
    if report.sign_in:
        return Result.SIGN_IN
    if not report.complete and not report.changed:
        return Result.REFUSED
    return Result.IN_PART if any_stops(list(findings)) else Result.DONE


def _message(report: DownloadReport, blocked: int) -> str:
    stopping = next((finding for finding in report.findings if finding.stops), None)
    if not report.new:
        return f"Nothing was downloaded. {stopping}" if stopping else _nothing_new(report)
    parts = [f"{counted(len(report.new), 'settlement')} downloaded"]
    if report.unchanged:
        parts.append(f"{counted(report.unchanged, 'report')} known already")
    if blocked:
        parts.append(f"{blocked} blocked, see Exceptions")
    if stopping is not None:
        parts.append("not everything could be downloaded, see Exceptions")
    return f"{', '.join(parts)}."


def _nothing_new(report: DownloadReport) -> str:
    return f"Nothing new, {counted(report.unchanged, 'report')} known already."
