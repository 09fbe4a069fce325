"""Workbooks written by hand, as other programs write them."""

import io
import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def links(*items: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    inner = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in items)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def workbook(properties: str = "", after_sheets: str = "") -> str:
    """A workbook part with one sheet."""
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f'<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets>{after_sheets}</workbook>'
    )


def worksheet(rows: str, after: str = "") -> str:
    """A worksheet part."""
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def package(path: Path, sheet: str | bytes, **others: str | bytes) -> Path:
    """A workbook of one sheet part; `others` replace parts by name (`workbook`, `styles`) or add some."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": links(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": others.pop("workbook", workbook()),
        "xl/_rels/workbook.xml.rels": links(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")
        ),
        "xl/styles.xml": others.pop("styles", STYLES),
        "xl/worksheets/sheet1.xml": sheet,
        **others,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            if content:
                out.writestr(name, content)
    path.write_bytes(data.getvalue())
    return path


def part(path: Path, name: str) -> str:
    """A part's text."""
    with zipfile.ZipFile(path) as found:
        return found.read(name).decode()
