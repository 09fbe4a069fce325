"""Attachable: files and notes attached to transactions; `/upload` and the download of what was uploaded.

Intuit's Attachable reference: a note needs Note, a file FileName; files of 100 MB at most (6030); the download
address is temporary. An upload holds pairs of parts, `file_metadata_NN` (JSON) and `file_content_NN`.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from tieout.practice.exact_json import NotJson, read_json
from tieout.practice.quickbooks import operations
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import Fault, business, fault, missing, not_found
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import STAMPS, Kind
from tieout.practice.quickbooks.lines import system_fields
from tieout.practice.quickbooks.records import Record
from tieout.practice.quickbooks.shape import Field, computed, flag, loose, ref, several, shape, text

FILE_BYTES_MAX = 100 * 1024 * 1024
_TRANSACTIONS = (
    *("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt", "Payment", "Deposit", "Transfer", "JournalEntry"),
    *("Bill", "VendorCredit", "BillPayment", "Purchase", "Customer", "Vendor", "Item"),
)


def _attachable_fields() -> tuple[Field, ...]:
    attached_to = shape(
        "AttachableRef",
        ref("EntityRef", *_TRANSACTIONS),
        text("LineInfo"),
        flag("IncludeOnSend"),
        *loose("CustomField"),
    )
    return (
        *system_fields(),
        several("AttachableRef", attached_to),
        text("FileName", 1000),
        text("ContentType", 100),
        text("Category", 100),
        text("Note", 2000),
        text("Lat"),
        text("Long"),
        text("PlaceName", 2000),
        text("Tag", 2000),
        *computed("FileAccessUri", "TempDownloadUri", "Size", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri"),
    )


ATTACHABLE = shape("Attachable", *_attachable_fields())


def complete(_company: Company, document: Doc, before: Record | None) -> None:
    """Check an attachable; what belongs to its file stays as it was uploaded."""
    if "FileName" not in document and "Note" not in document:
        raise missing("Note")
    for attached in document.get("AttachableRef", ()):
        if "type" not in attached.get("EntityRef", {}):
            raise missing("AttachableRef.EntityRef.type")
    for name in ("Size", "FileAccessUri", "TempDownloadUri"):
        if before is not None and name in before.document:
            document[name] = before.document[name]


ATTACHABLES = Kind(
    name="Attachable",
    shape=ATTACHABLE,
    sequence="Attachable",
    complete=complete,
    deletable=True,
    queryable=STAMPS
    | {"FileName", "Note", "ContentType", "Size", "AttachableRef.EntityRef.Type", "AttachableRef.EntityRef.value"},
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body."""

    name: str
    file_name: str
    content_type: str
    content: bytes


def upload(company: Company, content_type: str, body: bytes, base_url: str) -> list[Doc]:
    """The `AttachableResponse` of an upload: one answer a file, a Fault where that file is refused."""
    parts = {part.name: part for part in _parts(content_type, body)}
    contents = [part for name, part in sorted(parts.items()) if name.startswith("file_content")]
    if not contents:
        raise fault("6041", "The upload holds no file content.")
    answers: list[Doc] = []
    for content in contents:
        metadata = parts.get(content.name.replace("file_content", "file_metadata"))
        try:
            with company.store.transaction():
                answers.append({"Attachable": _keep(company, content, metadata, base_url)})
        except Fault as refused:
            answers.append({"Fault": refused.body()})
    return answers


def _keep(company: Company, content: Part, metadata: Part | None, base_url: str) -> Doc:
    if len(content.content) > FILE_BYTES_MAX:
        raise fault("6030", f"The file exceeds the limit of {FILE_BYTES_MAX} bytes.")
    described = _described(content, metadata)
    manner = operations.Manner()
    identity = str(described.get("Id") or "")
    if not identity:
        identity = operations.create(company, ATTACHABLES, described, manner)["Id"]
    record = company.record("Attachable", identity)
    if record is None:
        raise not_found("Attachable", identity)
    address = f"{base_url}/v3/company/{company.realm_id}/download/{identity}"
    filed = {
        **record.document,
        "Size": len(content.content),
        "FileAccessUri": f"/v3/company/{company.realm_id}/download/{identity}",
        "TempDownloadUri": f"{address}?content=true",
    }
    company.store.run("INSERT OR REPLACE INTO files VALUES (?, ?)", (int(identity), content.content))
    # The upload is one change: the file is filed under the SyncToken its record was made with.
    company.records.amend(record, filed)
    return operations.read(company, ATTACHABLES, identity)


def _described(content: Part, metadata: Part | None) -> Doc:
    if metadata is None:
        if not content.file_name:
            raise business("The file has no name.", "FileName")
        return {"FileName": content.file_name, "ContentType": content.content_type}
    try:
        described = read_json(metadata.content)
    except NotJson:
        described = None
    if not isinstance(described, dict):
        raise fault("2010", "failed to parse json object of the file metadata", metadata.name)
    described.setdefault("FileName", content.file_name or content.name)
    described.setdefault("ContentType", content.content_type)
    return described


def content_of(company: Company, identity: str) -> bytes:
    """The bytes of an uploaded file; 610 if there are none."""
    row = None
    if identity.isascii() and identity.isdigit():
        row = company.store.row("SELECT content FROM files WHERE id = ?", (int(identity),))
    if row is None:
        raise not_found("Attachable", identity)
    return bytes(row[0])


def _parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a multipart body. Line ends may be CRLF or LF: some clients send bare LFs."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if found is None:
        raise fault("6041", "The upload is not multipart/form-data.")
    pieces = re.split(rb"(?:\r?\n|\A)--" + re.escape(found[1].encode()) + rb"(?:--)?[ \t]*(?=\r?\n|\Z)", body)
    return [part for piece in pieces[1:] if (part := _part(piece)) is not None]


def _part(piece: bytes) -> Part | None:
    head, _, content = re.sub(rb"\A\r?\n", b"", piece).partition(_blank_line(piece))
    headers = {}
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    named = re.search(r'\bname="([^"]*)"', disposition)
    if named is None:
        return None
    file_name = re.search(r'filename="([^"]*)"', disposition)
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        try:
            content = base64.b64decode(content.strip(), validate=False)
        except binascii.Error as error:
            raise fault("6041", f"The file content is not base64: {error}") from None
    return Part(named[1], file_name[1] if file_name else "", headers.get("content-type", ""), content)


def _blank_line(piece: bytes) -> bytes:
    return b"\r\n\r\n" if b"\r\n\r\n" in piece else b"\n\n"
