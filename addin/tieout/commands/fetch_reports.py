"""Reports that Amazon makes on request: asked for, waited for, fetched, kept; and gone on with after a stop.

What was asked for is noted before anything else is done with it, so the next press fetches the report instead of
asking for it again; a document is kept before it is read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from tieout.commands.download_desk import DownloadDesk
from tieout.commands.progress import Progressed
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.download_ports import Amazon, AmazonUnavailable, Download, DownloadState, ReportEntry, ReportState
from tieout.limits import AMAZON_REPORT_LOOK_SECONDS, AMAZON_REPORT_WAIT_SECONDS_MAX

# What is done to a document before it is kept (an order report loses what tells of buyers).
Prepare = Callable[[Document], Document]
_REASON_CHARACTERS_MAX = 300
_STEP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report to ask for. `name` is for people: "orders of North America"."""

    kind: str
    name: str
    marketplaces: tuple[str, ...]
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a report: its document, or why there is none."""

    download: Download
    document: Document | None = None
    finding: Finding | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether Amazon cancelled it: it had nothing to tell, or was asked too often."""
        return self.document is None and self.finding is None


def as_it_came(document: Document) -> Document:
    """The document itself."""
    return document


def ask_for(desk: DownloadDesk, amazon: Amazon, wanted: Sequence[Wanted]) -> tuple[Download, ...]:
    """Ask Amazon to make reports, and note each before the next is asked for; AmazonUnavailable."""
    asked = []
    for one in wanted:
        report_id = amazon.ask_report(one.kind, one.marketplaces, one.start, one.end)
        download = Download(
            seller_id=amazon.seller_id,
            report_id=report_id,
            kind=one.kind,
            region=amazon.region,
            state=DownloadState.ASKED,
            marketplaces=one.marketplaces,
            start=one.start,
            end=one.end,
            listed=amazon.now(),
        )
        desk.downloads.save(download)
        asked.append(download)
    return tuple(asked)


def still_asked(desk: DownloadDesk, amazon: Amazon, kind: str) -> tuple[Download, ...]:
    """The reports of a kind that were asked for in this region and not fetched yet, by their start."""
    downloads = desk.downloads.of_kind(kind, amazon.seller_id)
    return tuple(one for one in downloads if one.state is DownloadState.ASKED and one.region == amazon.region)


def fetch(
    desk: DownloadDesk,
    amazon: Amazon,
    downloads: Sequence[Download],
    name: str,
    progressed: Progressed,
    prepare: Prepare = as_it_came,
    *,
    patient: bool = True,
) -> Iterator[Fetched]:
    """Each report, in order, once Amazon has made it; its document is kept. AmazonUnavailable.

    Without patience each is looked for once: what Amazon is still making is left to the next time.
    """
    for number, download in enumerate(downloads):
        tell = partial(progressed, f"Amazon is making the {name}", number, len(downloads))
        entry = _made(desk, amazon, download, name, tell) if patient else amazon.report(download.report_id)
        if isinstance(entry, Finding):
            yield Fetched(download, finding=entry)
            continue
        if entry is not None and not entry.state.is_final:
            continue
        if entry is None or (entry.state is ReportState.DONE and not entry.document_id):
            failed = replace(download, state=DownloadState.FAILED)
            desk.downloads.save(failed)
            yield Fetched(failed, finding=_gone(name, download.report_id))
            continue
        if entry.state is ReportState.CANCELLED:
            yield Fetched(download)
            continue
        if entry.state is ReportState.FATAL:
            failed = replace(download, state=DownloadState.FAILED)
            finding = _fatal(name, _reason(amazon, entry))
            desk.downloads.save(failed)
            yield Fetched(failed, finding=finding)
            continue
        progressed(f"Fetching the {name}", number, len(downloads))
        document = prepare(amazon.document(entry.document_id, f"{name} (Amazon report {download.report_id}).txt"))
        desk.documents.put(document)
        kept = replace(download, state=DownloadState.KEPT, document_sha256=document.sha256)
        desk.downloads.save(kept)
        yield Fetched(kept, document)


def _made(
    desk: DownloadDesk, amazon: Amazon, download: Download, name: str, tell: Callable[[], None]
) -> ReportEntry | Finding | None:
    """The report when Amazon is done with it, one way or the other; the finding if that takes too long."""
    deadline = desk.clock.now() + timedelta(seconds=AMAZON_REPORT_WAIT_SECONDS_MAX)
    waits = list(AMAZON_REPORT_LOOK_SECONDS)
    while True:
        entry = amazon.report(download.report_id)
        if entry is None or entry.state.is_final:
            return entry
        if desk.clock.now() > deadline:
            return _slow(name)
        wait = waits[0] if len(waits) == 1 else waits.pop(0)
        while wait > 0:  # in small steps, so that a person who is told can end it
            tell()
            step = min(wait, _STEP_SECONDS)
            desk.clock.sleep(step)
            wait -= step


def _reason(amazon: Amazon, entry: ReportEntry) -> str:
    """What Amazon says of a report that it could not make, if it says anything."""
    if not entry.document_id:
        return ""
    try:
        document = amazon.document(entry.document_id, "the reason")
    except AmazonUnavailable:
        return ""
    return " ".join(document.content.decode("utf-8", errors="replace").split())[:_REASON_CHARACTERS_MAX]


def _slow(name: str) -> Finding:
    return Finding(
        code="amazon-report-slow",
        severity=Severity.BLOCKED,
        what=f"Amazon has not made the {name} yet; it was asked for and is remembered.",
        to_do="Press again later: it is fetched then, and not asked for twice.",
    )


def _gone(name: str, report_id: str) -> Finding:
    return Finding(
        code="amazon-report-gone",
        severity=Severity.NOTICE,
        what=f"Amazon no longer has the {name} that was asked for (report {report_id}).",
        to_do="Nothing has to be done: it is asked for anew.",
        subject=report_id,
    )


def _fatal(name: str, reason: str) -> Finding:
    return Finding(
        code="amazon-report-failed",
        severity=Severity.BLOCKED,
        what=f"Amazon could not make the {name}: {reason.rstrip('.') or 'it does not say why'}.",
        to_do="Press again in an hour; if it stays so, bring the file from Seller Central with `tieout import`.",
    )
