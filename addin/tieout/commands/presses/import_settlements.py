"""Import files: Amazon's files into the store, settlements and orders onto the sheets. No connection is needed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tieout.commands.files import read_documents
from tieout.commands.presses.choices import Choices, read_choices
from tieout.commands.presses.connect_amazon import OpenDesk
from tieout.commands.presses.gather import gather
from tieout.commands.presses.import_others import import_others, parted
from tieout.commands.presses.press import Outcome, Press, Result, counted, refused
from tieout.commands.presses.showing import FILES, REVIEW, Found, Sheets, connection_cells, marketplaces_of, previewed
from tieout.commands.review_settlements import ReadSettlements, read_settlements
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity, any_stops
from tieout.reconcile.chain import each_once
from tieout.sheets.exports.cells import file_name
from tieout.sheets.settlement_rows import BLOCKED

_UNDECIDED = "settlement-marketplace-undecided"


def import_settlements(press: Press, open_desk: OpenDesk) -> Outcome:
    """Keep the documents, know the settlements, show them; other files of Amazon's are taken too."""
    if not press.files:
        return refused(_no_files(), unreadable=True)
    choices = read_choices(press)
    press.tell("Reading files", 0, None)
    documents, unread = read_documents(press.files)
    named, other = parted([replace(document, name=file_name(document.name)) for document in documents])
    others = import_others(press, other, open_desk, choices.shown.marketplace)
    read = _read(press, choices, named)
    taken = _keep(press, read, named)
    gathered = gather(press, choices, also=taken.ids)
    new = [one for one in gathered.standings if one.settlement_id in taken.new]
    shown = [one.shown(press) for one in gathered.standings]
    files = [*unread, *read.findings, *taken.alarms, *others.findings]
    sheets = Sheets(press, choices)
    sheets.settlements(gathered, shown)
    sheets.preview(one.shown(press) for one in previewed(choices, gathered))
    sheets.exceptions(
        [Found(REVIEW, (*choices.findings, *gathered.findings)), Found(FILES, files)], marketplaces_of(gathered)
    )
    own = [finding for one in new for finding in one.review.findings]
    findings = tuple(dict.fromkeys((*choices.findings, *files, *own)))
    nothing = not read.settlements and not others.taken
    told = _message(len(new), len(taken.ids) - len(taken.new), sum(one.state == BLOCKED for one in new), files)
    return Outcome(
        result=Result.REFUSED if nothing else Result.IN_PART if any_stops(findings) else Result.DONE,
        message=f"{told} {others.told}".strip() if named or not others.told else others.told,
        findings=findings,
        refreshes=(*others.refreshes, *sheets.refreshes),
        cells=connection_cells(press),
        count=len(new),
        files=press.files,
        unreadable=nothing,
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """The settlements of the files by id, those of them that were not known, and the alarms of others."""

    ids: frozenset[str]
    new: frozenset[str]
    alarms: tuple[Finding, ...]


def _read(press: Press, choices: Choices, documents: Sequence[Document]) -> ReadSettlements:
    """Read the files. Where a file does not tell whose account it is, the marketplace chosen on Home does."""
    settings = choices.settings.settlements
    read = read_settlements([(document, "") for document in documents], settings, press.tell)
    marketplace = choices.shown.marketplace
    undecided = {str(finding.where) for finding in read.findings if finding.code == _UNDECIDED}
    if not marketplace or not undecided:
        return read
    countries = [(one, marketplace if one.name in undecided else "") for one in documents]
    return read_settlements(countries, settings, press.tell)


def _keep(press: Press, read: ReadSettlements, documents: Sequence[Document]) -> _Taken:
    """Keep each settlement's document and know it; one known with other content is an alarm (rule 5)."""
    by_hash = {document.sha256: document for document in documents}
    ids, new, alarms = set(), set(), []
    for settlement in each_once(read.settlements):
        known = press.store.settlements.get(settlement.settlement_id)
        press.store.documents.put(by_hash[settlement.origin.sha256])
        alarm = press.store.settlements.record(settlement)
        if alarm is not None:
            alarms.append(alarm)
            continue
        ids.add(settlement.settlement_id)
        if known is None:
            new.add(settlement.settlement_id)
    return _Taken(frozenset(ids), frozenset(new), tuple(alarms))


def _message(new: int, known: int, blocked: int, files: Sequence[Finding]) -> str:
    if not new and not known:
        stopping = next((finding for finding in files if finding.stops), None)
        return f"Nothing was imported. {stopping}" if stopping else "Nothing was imported."
    parts = [f"{counted(new, 'settlement')} imported" if new else "Nothing new"]
    if known:
        parts.append(f"{counted(known, 'settlement')} known already")
    if blocked:
        parts.append(f"{blocked} blocked, see Exceptions")
    refused_files = sum(finding.stops for finding in files)
    if refused_files:
        parts.append(f"{counted(refused_files, 'file')} with a problem, see Exceptions")
    return f"{', '.join(parts)}."


def _no_files() -> Finding:
    return Finding(
        code="no-files-chosen",
        severity=Severity.REFUSED,
        what="No file was chosen.",
        to_do="Choose settlement files (Flat File V2 of Seller Central); on the command line, name them with --file.",
    )
