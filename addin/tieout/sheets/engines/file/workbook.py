"""A whole workbook: its sheets, names, styles and strings, read when asked for and written where changed."""

import re
from dataclasses import dataclass
from functools import cached_property

from tieout.sheets.engines.addresses import Area
from tieout.sheets.engines.errors import BookUnreadable
from tieout.sheets.engines.file.markup import MAIN, Element, Piece, attributes, with_attribute
from tieout.sheets.engines.file.names_part import DefinedName, names_xml, read_names
from tieout.sheets.engines.file.notes_part import Notes
from tieout.sheets.engines.file.package import Package
from tieout.sheets.engines.file.sheet_tables import sync_headers
from tieout.sheets.engines.file.strings import shared_strings
from tieout.sheets.engines.file.styles import Styles
from tieout.sheets.engines.file.table_part import Table
from tieout.sheets.engines.file.worksheet import Worksheet

ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "extLst",
)  # fmt: skip
_STRICT = "http://purl.oclc.org/ooxml/"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NO_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">'
    '<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs></styleSheet>'
)
_ACTIVE_TAB = re.compile(r"\sactiveTab=\"(\d+)\"")


@dataclass(slots=True, eq=False)
class SheetEntry:
    """A sheet as the workbook lists it; `xml` is its element as it was read."""

    name: str
    identifier: int
    relationship: str
    state: str
    part: str
    is_worksheet: bool
    xml: str

    def listed(self) -> str:
        """Its element as it is now."""
        xml = with_attribute(self.xml, "name", self.name)
        return with_attribute(xml, "state", None if self.state == "visible" else self.state)


class Workbook:
    """The sheets, names, styles and strings of one package."""

    def __init__(self, data: bytes) -> None:
        """Raises BookUnreadable where the bytes are no workbook of the transitional Open XML kind."""
        self.package = Package(data)
        starts = self.package.related("", "officeDocument")
        if not starts or starts[0].target not in self.package:
            raise BookUnreadable(None, "it is not an Excel workbook (it names no workbook part)")
        self.part = starts[0].target
        text = self.package.text(self.part)
        if _STRICT in text[:2000]:
            raise BookUnreadable(None, "it is a Strict Open XML workbook; save it as Excel Workbook (.xlsx)")
        if "<sheets" not in text:
            raise BookUnreadable(None, "it is not an Excel workbook (.xlsx or .xlsm)")
        self._root = Element.cut(text)
        self._worksheets: dict[str, Worksheet] = {}
        self._tables: dict[str, list[Table]] = {}
        self._notes: dict[str, Notes] = {}
        self.formulas_changed = False
        self.changed = False
        self.entries = self._read_entries()
        piece = self._root.find("definedNames")
        self.names: list[DefinedName] = read_names(piece.xml if piece else None, [e.identifier for e in self.entries])

    def _read_entries(self) -> list[SheetEntry]:
        links = {one.id: one for one in self.package.relationships(self.part)}
        piece = self._root.find("sheets")
        entries = []
        for item in Element.cut(piece.xml.lstrip()).pieces if piece else []:
            values = attributes(item.xml.lstrip())
            relationship = next(value for name, value in values.items() if name.endswith(":id"))
            link = links[relationship]
            entries.append(
                SheetEntry(
                    values["name"],
                    int(values["sheetId"]),
                    relationship,
                    values.get("state", "visible"),
                    link.target,
                    link.kind == "worksheet",
                    item.xml,
                )
            )
        return entries

    def _linked(self, kind: str) -> str | None:
        links = self.package.related(self.part, kind)
        return links[0].target if links and links[0].target in self.package else None

    @cached_property
    def styles(self) -> Styles:
        """The styles."""
        part, theme = self._linked("styles"), self._linked("theme")
        if part is None:
            part = self._new_styles()
        return Styles(self.package.text(part), self.package.text(theme) if theme else None)

    def _new_styles(self) -> str:
        """A workbook may do without styles until a cell needs one."""
        part = "xl/styles.xml" if "xl/styles.xml" not in self.package else self.package.free_name("xl/styles{}.xml")
        self.package.write(part, _NO_STYLES)
        self.package.set_content_type(part, _STYLES_TYPE)
        self.package.relate(self.part, "styles", part)
        return part

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        part = self._linked("sharedStrings")
        return shared_strings(self.package.text(part)) if part else []

    @cached_property
    def date1904(self) -> bool:
        """Whether days are counted from 1904 instead of 1900."""
        piece = self._root.find("workbookPr")
        return piece is not None and attributes(piece.xml.lstrip()).get("date1904") in {"1", "true"}

    # Sheets

    @property
    def sheets(self) -> list[SheetEntry]:
        """The worksheets in the order of their tabs."""
        return [entry for entry in self.entries if entry.is_worksheet]

    def worksheet(self, entry: SheetEntry) -> Worksheet:
        """The worksheet of an entry."""
        if entry.part not in self._worksheets:
            self._worksheets[entry.part] = Worksheet(self, entry.part)
        return self._worksheets[entry.part]

    def entry(self, name: str) -> SheetEntry | None:
        """The worksheet of that name, in any case of letters."""
        return next((entry for entry in self.sheets if entry.name.lower() == name.lower()), None)

    def sheet_name(self, worksheet: Worksheet) -> str:
        """The name of a worksheet."""
        return next(entry.name for entry in self.entries if entry.part == worksheet.part)

    @property
    def active(self) -> SheetEntry:
        """The sheet whose tab is in front; the first worksheet where that is a chart sheet."""
        piece = self._root.find("bookViews")
        match = _ACTIVE_TAB.search(piece.xml) if piece else None
        number = int(match[1]) if match else 0
        entry = self.entries[number] if number < len(self.entries) else self.entries[0]
        return entry if entry.is_worksheet else self.sheets[0]

    def activate(self, entry: SheetEntry) -> None:
        """Bring a sheet's tab to the front; the others are no longer selected, or they would be edited together."""
        self.set_active_tab(self.entries.index(entry))
        for other in self.sheets:
            self._select_tab(self.worksheet(other), other is entry)

    def set_active_tab(self, number: int) -> None:
        """Say which sheet (from 0) is in front; the sheets' own selection is the caller's."""
        piece = self._root.find("bookViews")
        views = Element.cut(piece.xml.lstrip() if piece else "<bookViews><workbookView/></bookViews>")
        views.pieces[0].xml = with_attribute(views.pieces[0].xml, "activeTab", str(number))
        self._root.put("bookViews", views.text(), ORDER)
        self.changed = True

    def _select_tab(self, worksheet: Worksheet, selected: bool) -> None:
        piece = worksheet.around.find("sheetViews")
        if piece is None:
            if selected:
                worksheet.put(
                    "sheetViews", '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
                )
            return
        views = Element.cut(piece.xml.lstrip())
        view = views.pieces[0]
        if (attributes(view.xml.lstrip()).get("tabSelected") in {"1", "true"}) != selected:
            view.xml = with_attribute(view.xml, "tabSelected", "1" if selected else None)
            worksheet.put("sheetViews", views.text())

    # Tables and notes

    def tables(self, worksheet: Worksheet) -> list[Table]:
        """The tables of a worksheet."""
        if worksheet.part not in self._tables:
            links = self.package.related(worksheet.part, "table")
            self._tables[worksheet.part] = [Table(one.target, self.package.text(one.target)) for one in links]
        return self._tables[worksheet.part]

    def all_tables(self) -> list[tuple[SheetEntry, Table]]:
        """All tables with their sheets."""
        return [(entry, table) for entry in self.sheets for table in self.tables(self.worksheet(entry))]

    def table_at(self, worksheet: Worksheet, area: Area) -> Table | None:
        """The table that has the first cell of an area."""
        first = Area(area.row, area.column)
        return next((table for table in self.tables(worksheet) if table.area.holds(first)), None)

    def notes(self, worksheet: Worksheet) -> Notes:
        """The notes of a worksheet."""
        if worksheet.part not in self._notes:
            self._notes[worksheet.part] = Notes(self.package, worksheet)
        return self._notes[worksheet.part]

    def forget(self, part: str) -> None:
        """A sheet was deleted: what was read of it is no longer wanted."""
        for kept in (self._worksheets, self._tables, self._notes):
            kept.pop(part, None)

    def loaded(self) -> list[Worksheet]:
        """The worksheets that were read so far."""
        return list(self._worksheets.values())

    # Saving

    def packed(self) -> bytes:
        """The workbook as a file's bytes; parts that nothing changed are the ones that were read."""
        for worksheet in self.loaded():
            for table in self._tables.get(worksheet.part, []):
                if worksheet.changed:
                    sync_headers(worksheet, table)
            if worksheet.changed:
                self.package.write(worksheet.part, worksheet.text())
        for tables in self._tables.values():
            for table in tables:
                table.store(self.package)
        if self.formulas_changed:
            self._forget_calculation_order()
        if self.formulas_changed or any(worksheet.contents_changed for worksheet in self.loaded()):
            self.ask_for_calculation()
        if "styles" in self.__dict__ and self.styles.changed:
            self.package.write(self._linked("styles") or "", self.styles.text())
        if self.changed:
            self._store_workbook()
        return self.package.packed()

    def saved(self, data: bytes) -> None:
        """The packed bytes are on disk: count changes from here."""
        self.package.rebase(data)
        self.formulas_changed = self.changed = False
        if "styles" in self.__dict__:
            self.styles.changed = False
        for worksheet in self.loaded():
            worksheet.changed = worksheet.contents_changed = False

    def _forget_calculation_order(self) -> None:
        """Formulas came or went: Excel makes the order in which it calculates anew."""
        for link in self.package.related(self.part, "calcChain"):
            self.package.unrelate(self.part, link.id)
            self.package.drop(link.target)

    def ask_for_calculation(self) -> None:
        """Have Excel calculate everything when it opens the book, since stored results may be out of date."""
        piece = self._root.find("calcPr")
        xml = piece.xml if piece else "<calcPr/>"
        if attributes(xml.lstrip()).get("fullCalcOnLoad") not in {"1", "true"}:
            self._root.put("calcPr", with_attribute(xml, "fullCalcOnLoad", "1"), ORDER)
            self.changed = True

    def _store_workbook(self) -> None:
        piece = self._root.find("sheets")
        sheets = Element.cut(piece.xml.lstrip() if piece else "<sheets></sheets>")
        sheets.pieces = [Piece("sheet", entry.listed()) for entry in self.entries]
        self._root.put("sheets", sheets.text(), ORDER)
        names = names_xml(self.names, [entry.identifier for entry in self.entries])
        if names:
            self._root.put("definedNames", names, ORDER)
        else:
            self._root.remove("definedNames")
        self.package.write(self.part, self._root.text())
