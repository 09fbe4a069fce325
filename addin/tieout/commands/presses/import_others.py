"""Import files, where they are no settlements: orders, VAT transactions, deferred transactions, listings."""

from collections.abc import Sequence
from dataclasses import dataclass

from tieout.commands.import_files import Imported, ImportState, import_documents
from tieout.commands.presses.connect_amazon import OpenDesk
from tieout.commands.presses.order_choices import read_order_choices
from tieout.commands.presses.order_sheets import OrderSheets, read_order_tables
from tieout.commands.presses.press import Press, counted
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.document_kind import DocumentKind, document_kind
from tieout.sheets.port import Refresh

_OTHERS = frozenset({DocumentKind.ORDERS, DocumentKind.LISTINGS, DocumentKind.VAT, DocumentKind.TRANSACTIONS})
# Its findings are said with those of the settlements' files, in one refresh.
_SAID_ELSEWHERE = "Exceptions"


@dataclass(frozen=True, slots=True)
class Others:
    """What came of the files that are no settlements: sentences, findings, and what the sheets shall hold.

    `taken` are how many could be read.
    """

    told: str = ""
    taken: int = 0
    findings: tuple[Finding, ...] = ()
    refreshes: tuple[Refresh, ...] = ()


def parted(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """Documents that are, or may be meant as, settlements; and those that are another of Amazon's files."""
    settlements: list[Document] = []
    others: list[Document] = []
    for document in documents:
        (others if document_kind(document) in _OTHERS else settlements).append(document)
    return settlements, others


def import_others(press: Press, documents: Sequence[Document], open_desk: OpenDesk, country: str) -> Others:
    """Take them into the store. `country` says whose listings are; orders are shown as Status Filters say."""
    if not documents:
        return Others()
    with open_desk(press) as desk:
        report = import_documents(documents, desk, country=country, progressed=press.tell)
    taken = [one for one in report.files if one.state is not ImportState.REFUSED]
    has_orders = any(one.kind is DocumentKind.ORDERS for one in taken)
    return Others(
        told=" ".join(_sentence(one) for one in taken),
        taken=len(taken),
        findings=report.findings,
        refreshes=_order_sheets(press) if has_orders else (),
    )


def _sentence(one: Imported) -> str:
    about = f"{one.kind} ({one.subject})" if one.subject and one.kind is DocumentKind.LISTINGS else one.subject
    if one.state is ImportState.KNOWN:
        return f"{one.file}: {about}, known already."
    return f"{one.file}: {about}, {counted(one.records, 'record')} new or changed."


def _order_sheets(press: Press) -> tuple[Refresh, ...]:
    tables = read_order_tables(press.book)
    if isinstance(tables, Finding):
        return ()
    shown = OrderSheets(press, read_order_choices(press), tables)
    return tuple(refresh for refresh in shown.refreshes() if refresh.table != _SAID_ELSEWHERE)
