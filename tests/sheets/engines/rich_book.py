"""A workbook with some of everything that must survive: ribbons, macros, rules, charts, pictures, extensions."""

import io
import struct
import warnings
import zipfile
import zlib
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter

VBA = bytes(range(256)) * 40
RIBBON_2006 = b'<customUI xmlns="http://schemas.microsoft.com/office/2006/01/customui"><ribbon/></customUI>'
RIBBON_2010 = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon/></customUI>'
_PACKAGE_LINKS = (
    b'<Relationship Id="rIdUi1" Type="http://schemas.microsoft.com/office/2006/relationships/ui/extensibility" '
    b'Target="customUI/customUI.xml"/>'
    b'<Relationship Id="rIdUi2" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    b'Target="customUI/customUI14.xml"/>'
    b'<Relationship Id="rIdOwn" Type="http://example.com/of-the-users-own" Target="userData/own.bin"/>'
)
_CALC_CHAIN = (
    b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="B10" i="1"/></calcChain>'
)
_SHARED = (
    '<row r="30"><c r="A30"><f t="shared" ref="A30:A32" si="0">B30*2</f><v>2</v></c><c r="B30"><v>1</v></c></row>'
    '<row r="31"><c r="A31"><f t="shared" si="0"/><v>4</v></c><c r="B31"><v>2</v></c></row>'
    '<row r="32"><c r="A32"><f t="shared" si="0"/><v>6</v></c><c r="B32"><v>3</v></c></row>'
)
SHEETS = ("Home", "Orders", "My notes", "Hidden")


def picture() -> bytes:
    """A red PNG of 8 by 8."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def rich_book(path: Path) -> Path:
    """Write the workbook; returns its path."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    book.add_vba_project(io.BytesIO(VBA), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    sheets = {name: book.add_worksheet(name) for name in SHEETS}
    for number, sheet in enumerate(sheets.values()):
        sheet.set_vba_name(f"Sheet{number + 1}")
    _home(book, sheets["Home"])
    _orders(book, sheets["Orders"])
    _own(book, sheets["My notes"])
    sheets["Hidden"].very_hidden()
    book.define_name("period_end", "=Home!$B$3")
    book.define_name("Orders!local", "=Orders!$A$1")
    book.close()
    path.write_bytes(_with_more_parts(data.getvalue()))
    return path


def _home(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    open_cell = book.add_format({"locked": False, "bg_color": "#FFF2CC", "num_format": "yyyy-mm-dd"})
    sheet.write("A1", "Tieout", book.add_format({"bold": True, "font_size": 18, "font_color": "#1F3864"}))
    sheet.write("A3", "Period end")
    sheet.write_datetime("B3", date(2026, 10, 31), open_cell)
    sheet.write("A4", "Currency")
    sheet.write("B4", "EUR", book.add_format({"locked": False}))
    sheet.data_validation("B4", {"validate": "list", "source": ["EUR", "USD", "GBP"]})
    sheet.write("A10", "Total")
    sheet.write_formula("B10", "=SUM(Orders[Amount])", book.add_format({"num_format": "#,##0.00"}), 30.75)
    sheet.write_url("A12", "internal:'My notes'!A1", string="to the notes")
    sheet.write_url("A13", "https://example.com/a?b=1&c=2", string="outside")
    sheet.write_comment("B4", "Choose one", {"author": "Ann"})
    sheet.protect("", {"format_columns": True})
    sheet.insert_image("E2", "red.png", {"image_data": io.BytesIO(picture())})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "=Orders!$A$2:$A$4", "values": "=Orders!$D$2:$D$4", "name": "Amount"})
    sheet.insert_chart("E6", chart)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area("A1:H30")
    sheet.set_footer("&L&F&RPage &P of &N")
    sheet.add_sparkline("C10", {"range": "Orders!D2:D4"})


def _orders(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"})
    text = book.add_format({"num_format": "@"})
    sheet.set_column("A:A", 20, text)
    sheet.set_column("C:C", 12, day)
    rows = [
        ["202-0000001-0000001", "Shipped", date(2026, 10, 1), 10.25],
        ["202-0000002-0000002", "Pending", date(2026, 10, 2), 20.5],
        ["00123", "Shipped", date(2026, 10, 3), 0],
    ]
    sheet.add_table(
        "A1:E4",
        {
            "name": "Orders",
            "data": rows,
            "columns": [
                {"header": "Order", "format": text},
                {"header": "State"},
                {"header": "Date", "format": day},
                {"header": "Amount", "format": money},
                {"header": "Double", "formula": "=Orders[[#This Row],[Amount]]*2", "format": money},
            ],
        },
    )
    for row, amount in enumerate((10.25, 20.5, 0), 1):
        sheet.write_formula(row, 4, "=Orders[[#This Row],[Amount]]*2", money, amount * 2)
    sheet.freeze_panes(1, 0)
    sheet.conditional_format("D2:D100", {"type": "cell", "criteria": "<", "value": 0, "format": day})
    sheet.conditional_format("D2:D100", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.conditional_format("B2:B100", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    sheet.data_validation("B2:B100", {"validate": "list", "source": "=Home!$B$4:$B$6", "input_message": "State"})
    sheet.repeat_rows(0)
    sheet.set_row(2, 30, None, {"hidden": True})


def _own(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write("A1", "  mine\nand more ")
    sheet.write_rich_string("A2", "plain ", book.add_format({"bold": True}), "bold")
    sheet.merge_range("C1:D2", "merged")
    sheet.write_array_formula("F1:F3", "{=TRANSPOSE(A1:C1)}")
    sheet.write_boolean("A3", True)
    sheet.write_formula("A4", "=1/0", None, "#DIV/0!")
    sheet.write("A5", 'Tom & <Jerry> "x" _x0041_')
    sheet.set_column("B:B", 30)
    sheet.write_number("B5", 12345678901234)


def _with_more_parts(data: bytes) -> bytes:
    """What XlsxWriter can't write: ribbons, a part of the user's own, a calculation chain, shared formulas."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "_rels/.rels":
                content = content.replace(b"</Relationships>", _PACKAGE_LINKS + b"</Relationships>")
            elif info.filename == "xl/_rels/workbook.xml.rels":
                link = (
                    b'<Relationship Id="rIdCalc" Target="calcChain.xml" Type="http://schemas.openxmlformats.org/'
                    b'officeDocument/2006/relationships/calcChain"/></Relationships>'
                )
                content = content.replace(b"</Relationships>", link)
            elif info.filename == "[Content_Types].xml":
                types = (
                    b'<Default Extension="bin" ContentType="application/octet-stream"/>'
                    if b'Extension="bin"' not in content
                    else b""
                ) + (
                    b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-'
                    b'officedocument.spreadsheetml.calcChain+xml"/></Types>'
                )
                content = content.replace(b"</Types>", types)
            elif info.filename == "xl/worksheets/sheet3.xml":
                content = content.replace(b"</sheetData>", _SHARED.encode() + b"</sheetData>")
            elif info.filename == "xl/workbook.xml":
                content = content.replace(b' fullCalcOnLoad="1"', b"")
            new.writestr(info, content)
        for name, content in (
            ("customUI/customUI.xml", RIBBON_2006),
            ("customUI/customUI14.xml", RIBBON_2010),
            ("userData/own.bin", b"\0of the user's own\xff"),
            ("xl/calcChain.xml", _CALC_CHAIN),
        ):
            new.writestr(name, content)
    return out.getvalue()


def as_openpyxl_reads(path: Path, **options: bool) -> openpyxl.Workbook:
    """A workbook as an independent reader sees it; what openpyxl would lose on saving does not matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), **options)
