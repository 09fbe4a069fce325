"""Download orders: what changed at Amazon since the last time, shown as Status Filters say."""

from datetime import UTC, datetime, time, timedelta

from tieout.commands import download_orders as downloading
from tieout.commands.download_desk import DownloadReport
from tieout.commands.presses.connect_amazon import OpenDesk, not_connected, signs_in_again
from tieout.commands.presses.download_settlements import download_result
from tieout.commands.presses.order_choices import OrderChoices, read_order_choices
from tieout.commands.presses.order_sheets import OrderSheets, read_order_tables
from tieout.commands.presses.press import Outcome, Press, counted, refused
from tieout.commands.presses.showing import DOWNLOAD_ORDERS, Found, connection_cells
from tieout.domain.finding import Finding
from tieout.sheets.order_rows import HELD, READY, WAITING


def download_orders(press: Press, open_desk: OpenDesk) -> Outcome:
    """Bring the stored orders up to date and show those that Status Filters admit; what the user typed stays."""
    if not press.company.sellers:
        return not_connected(press)
    tables = read_order_tables(press.book)
    if isinstance(tables, Finding):
        return refused(tables)
    choices = read_order_choices(press)
    with open_desk(press) as desk:
        report = downloading.download_orders(desk, since=_since(choices), progressed=press.tell)
    shown = OrderSheets(press, choices, tables, also=_found(report))
    refreshes = shown.refreshes()
    findings = tuple(dict.fromkeys((*choices.findings, *report.findings, *shown.since.undecided)))
    return Outcome(
        result=download_result(report, findings),
        message=_message(report, shown.counts),
        findings=findings,
        refreshes=refreshes,
        cells=signs_in_again(press) if report.sign_in else connection_cells(press),
        count=len(report.new) + len(report.updated),
    )


def _found(report: DownloadReport) -> Found:
    """What goes to Exceptions of this download; what is cancelled since it was posted goes there by itself."""
    kept = [one for one in report.findings if one.code != "order-cancelled-after-posting"]
    return Found(DOWNLOAD_ORDERS, kept)


def _since(choices: OrderChoices) -> datetime | None:
    """From when on orders are wanted at all: a day before Nothing before, so that no time zone cuts one off."""
    first = choices.settings.start_date
    return datetime.combine(first, time(), UTC) - timedelta(days=1) if first is not None else None


def _message(report: DownloadReport, counts: dict[str, int]) -> str:
    stopping = next((finding for finding in report.findings if finding.stops), None)
    parts = [f"{counted(len(report.new), 'order')} downloaded"] if report.new else []
    if report.updated:
        parts.append(f"{counted(len(report.updated), 'order')} updated")
    if report.cancelled:
        parts.append(f"{len(report.cancelled):,} of them cancelled since")
    if not parts:
        parts.append("Nothing was downloaded" if stopping is not None else "Nothing new")
    parts += [f"{counts[state]:,} {state.lower()}" for state in (READY, WAITING, HELD) if counts.get(state)]
    sentence = f"{', '.join(parts)}."
    return f"{sentence} {stopping}" if stopping is not None else sentence
