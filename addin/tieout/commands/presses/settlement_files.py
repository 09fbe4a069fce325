"""The files of settlements, out of the store."""

from collections.abc import Iterable

from tieout.commands.presses.press import Known, Press
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity


def documents_of(press: Press, wanted: Iterable[Known]) -> tuple[list[tuple[Document, str]], tuple[Finding, ...]]:
    """The documents of some settlements, each once, with the country of its account."""
    documents: dict[str, tuple[Document, str]] = {}
    lost = []
    for known in wanted:
        if known.document_sha256 in documents:
            continue
        document = press.store.documents.get(known.document_sha256)
        if document is None:
            lost.append(_lost(known))
        else:
            documents[known.document_sha256] = (document, known.marketplace)
    return list(documents.values()), tuple(lost)


def _lost(known: Known) -> Finding:
    return Finding(
        code="document-missing",
        severity=Severity.BLOCKED,
        what=f"The file of settlement {known.settlement_id} is not in the store any more.",
        to_do="Import it again; `tieout restore` brings back a copy of the store.",
        subject=known.settlement_id,
    )
