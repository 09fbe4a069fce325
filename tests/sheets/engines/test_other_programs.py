"""Workbooks as other programs write them, odd but legal; and files that are none."""

import datetime as dt
import re
import zipfile
from pathlib import Path

import pytest
import xlwings as xw

from tests.sheets.engines.packages import MAIN, OFFICE, STYLES, links, package, part, workbook, worksheet
from tests.sheets.engines.rich_book import as_openpyxl_reads
from tieout.sheets.engines import BookUnreadable, open_file_book


def opened(path: Path) -> xw.Sheet:
    return open_file_book(path).sheets[0]


def test_cells_and_rows_without_addresses(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c r='C2'><v>3</v></c><c><v>4</v></c></row>"
    sheet = opened(package(tmp_path / "a.xlsx", worksheet(rows)))
    assert sheet["A1:D2"].value == [[1, 2, None, None], [None, None, 3, 4]]
    sheet["B2"].value = "new"
    sheet.book.save()
    sheet.book.close()
    saved = as_openpyxl_reads(tmp_path / "a.xlsx")["Data"]
    assert [[cell.value for cell in row] for row in saved.iter_rows()] == [[1, 2, None, None], [None, "new", 3, 4]]


def test_a_prefix_for_the_main_namespace(tmp_path: Path) -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:f>"a"&amp;"b"</x:f>'
        "<x:v>ab</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    book = (
        f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheets><x:sheet name="Data" sheetId="1" r:id="rId1"/>'
        "</x:sheets></x:workbook>"
    )
    styles = STYLES.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    data = opened(package(tmp_path / "a.xlsx", sheet, workbook=book, styles=styles))
    assert (data["A1"].value, data["A1"].formula) == ("ab", '="a"&"b"')
    data["B1"].value = dt.date(2026, 1, 2)
    data.book.save()
    data.book.close()
    saved = as_openpyxl_reads(tmp_path / "a.xlsx")["Data"]
    assert (saved["A1"].value, saved["B1"].value) == ('="a"&"b"', dt.datetime(2026, 1, 2))  # noqa: DTZ001


def test_comments_and_marked_sections(tmp_path: Path) -> None:
    rows = (
        '<!-- <row r="9"/> --><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[a <b> & c]]></t></is></c>'
        '<c r="B1" t="d"><v>2026-10-31T12:00:00</v></c></row>'
    )
    sheet = opened(package(tmp_path / "a.xlsx", worksheet(rows)))
    assert sheet["A1:B1"].value == ["a <b> & c", dt.datetime(2026, 10, 31, 12)]  # noqa: DTZ001
    sheet.book.close()


def test_utf_16_with_a_byte_order_mark(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>Größe</v></c></row>'
    text = '<?xml version="1.0" encoding="UTF-16"?>' + worksheet(rows)
    sheet = opened(package(tmp_path / "a.xlsx", text.encode("utf-16")))
    assert sheet["A1"].value == "Größe"
    sheet["A2"].value = "neu"
    sheet.book.save()
    sheet.book.close()
    assert part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml").startswith('<?xml version="1.0" encoding="UTF-8"?>')


def test_rows_out_of_order_and_with_attributes_of_others(tmp_path: Path) -> None:
    rows = '<row r="2" x:y="1" xmlns:x="urn:x"><c r="A2"><v>2</v></c></row>'
    sheet = opened(package(tmp_path / "a.xlsx", worksheet(rows)))
    sheet["C1"].value = 1
    sheet["B2"].value = 3
    sheet["A1"].value = 0
    sheet.book.save()
    sheet.book.close()
    text = part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")
    assert (
        '<sheetData><row r="1"><c r="A1"><v>0</v></c><c r="C1"><v>1</v></c></row>'
        '<row r="2" x:y="1" xmlns:x="urn:x"><c r="A2"><v>2</v></c><c r="B2"><v>3</v></c></row></sheetData>'
    ) in text


def test_days_counted_from_1904(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>0</v></c></row>'
    book = workbook('<workbookPr date1904="1"/>')
    sheet = opened(package(tmp_path / "a.xlsx", worksheet(rows), workbook=book))
    assert sheet["A1"].value == dt.datetime(1904, 1, 1)  # noqa: DTZ001
    sheet["A2"].value = dt.date(2026, 10, 31)
    assert sheet["A2"].value == dt.datetime(2026, 10, 31)  # noqa: DTZ001
    sheet.book.save()
    sheet.book.close()
    assert as_openpyxl_reads(tmp_path / "a.xlsx")["Data"]["A2"].value == dt.datetime(2026, 10, 31)  # noqa: DTZ001


def test_an_empty_sheet_element(tmp_path: Path) -> None:
    sheet = opened(package(tmp_path / "a.xlsx", f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'))
    assert sheet.used_range.address == "$A$1"
    sheet["C3"].value = "x"
    assert sheet.used_range.address == "$C$3"
    sheet.book.close()


def test_elements_are_put_where_the_schema_has_them(tmp_path: Path) -> None:
    margins = '<pageMargins left="1" right="1" top="1" bottom="1" header="0" footer="0"/>'
    after = margins + '<extLst><ext uri="{x}"/></extLst>'
    sheet = opened(package(tmp_path / "a.xlsx", worksheet("", after)))
    sheet["A1"].value = [["a", "b"], [1, 2]]
    sheet["D1:E1"].merge()
    sheet["A:A"].column_width = 30
    sheet.tables.add(source=sheet["A1:B2"], name="T")
    sheet["D3"].add_hyperlink("https://example.com")
    sheet["D4"].add_note("n")
    sheet.api.Protect()
    sheet.book.save()
    sheet.book.close()
    text = part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")
    wanted = [
        "cols", "sheetData", "sheetProtection", "mergeCells", "hyperlinks", "pageMargins", "legacyDrawing",
        "tableParts", "extLst",
    ]  # fmt: skip
    assert [name for name in re.findall(r"<(\w+)[ />]", text) if name in wanted] == wanted


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not an Excel workbook"),
        (b"not a zip", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "password"),
    ],
)
def test_files_that_are_no_workbooks(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(BookUnreadable, match=why) as refused:
        open_file_book(path)
    assert refused.value.path == path
    assert str(refused.value).startswith("a.xlsx can't be opened: ")


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package_file:
        package_file.writestr("hello.txt", "x")
    with pytest.raises(BookUnreadable, match="names no workbook part"):
        open_file_book(path)


def test_a_strict_workbook_is_named_as_such(tmp_path: Path) -> None:
    strict = workbook().replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    with pytest.raises(BookUnreadable, match="Strict Open XML"):
        open_file_book(package(tmp_path / "a.xlsx", worksheet(""), workbook=strict))


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(path) as found:
        info = found.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + 5] ^= 0xFF
    path.write_bytes(data)
    book = open_file_book(path)
    with pytest.raises(BookUnreadable, match=r"xl/worksheets/sheet1\.xml is damaged"):
        _ = book.sheets[0]["A1"].value
    book.close()


def test_books_of_one_name_in_two_folders(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "book.xlsx" for folder in ("a", "b")]
    for number, path in enumerate(paths):
        path.parent.mkdir()
        package(path, worksheet(f'<row r="1"><c r="A1"><v>{number}</v></c></row>'))
    books = [open_file_book(path) for path in paths]
    assert [book.sheets[0]["A1"].value for book in books] == [0, 1]
    assert open_file_book(paths[1]) == books[1]
    for book in books:
        book.close()


def test_a_workbook_without_styles(tmp_path: Path) -> None:
    path = package(
        tmp_path / "a.xlsx",
        worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
        styles="",
        **{"xl/_rels/workbook.xml.rels": links(("rId1", "worksheet", "worksheets/sheet1.xml"))},
    )
    sheet = opened(path)
    sheet["A2"].value = dt.date(2026, 1, 2)
    sheet["A3"].color = (1, 2, 3)
    assert sheet["A1"].number_format == "General"
    sheet.book.save()
    sheet.book.close()
    saved = as_openpyxl_reads(path)["Data"]
    assert (saved["A1"].value, saved["A2"].value) == (1, dt.datetime(2026, 1, 2))  # noqa: DTZ001
    assert saved["A3"].fill.fgColor.rgb == "FF010203"


def test_parts_that_do_not_fit_together(tmp_path: Path) -> None:
    broken = package(
        tmp_path / "a.xlsx", worksheet(""), **{"xl/_rels/workbook.xml.rels": links(("rId9", "styles", "styles.xml"))}
    )
    with pytest.raises(BookUnreadable, match="don't fit together"):
        open_file_book(broken)
    empty = open_file_book(package(tmp_path / "b.xlsx", f'<worksheet xmlns="{MAIN}"/>'))
    with pytest.raises(BookUnreadable, match=r"sheet1\.xml is damaged"):
        _ = empty.sheets[0].used_range
