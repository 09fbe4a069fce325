"""The zip package of the workbook, written again with the ribbon in it and without the clock.

Source: ECMA-376 Part 2 (packages and relationships), [MS-CUSTOMUI] 2.1.1 for the ribbon's relationship of 2006.
"""

import io
import zipfile

RIBBON_PART = "customUI/customUI.xml"
RIBBON_RELATIONSHIP = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
ROOT_RELATIONSHIPS = "_rels/.rels"
NO_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can hold


def has_ribbon(workbook: bytes) -> bool:
    """Whether a package has a ribbon that Excel finds: some programs keep the part and lose what leads to it."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        return RIBBON_PART in source.namelist() and RIBBON_RELATIONSHIP.encode() in source.read(ROOT_RELATIONSHIPS)


def with_ribbon(workbook: bytes, ribbon: bytes) -> bytes:
    """`workbook` (a package without a ribbon) with the ribbon's part. The same bytes in give the same bytes out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name == RIBBON_PART:
                continue  # one that nothing leads to
            data = source.read(name)
            if name == ROOT_RELATIONSHIPS:
                data = _related(data)
            _write(target, name, data)
        _write(target, RIBBON_PART, ribbon)
    return out.getvalue()


def _write(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, NO_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # whatever system it was made on
    target.writestr(entry, data)


def _related(relationships: bytes) -> bytes:
    ours = f'<Relationship Id="rIdRibbon" Type="{RIBBON_RELATIONSHIP}" Target="{RIBBON_PART}"/></Relationships>'
    return relationships.replace(b"</Relationships>", ours.encode())
