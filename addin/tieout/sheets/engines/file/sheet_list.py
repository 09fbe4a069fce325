"""Sheets added, copied, moved, renamed and deleted, with the parts and names that belong to them."""

import re
from dataclasses import replace

from tieout.sheets.engines.file.markup import MAIN, RELATIONSHIPS, escape, unescape
from tieout.sheets.engines.file.references import change_formulas, renaming
from tieout.sheets.engines.file.table_part import Table
from tieout.sheets.engines.file.workbook import SheetEntry, Workbook

_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEET_PART = "xl/worksheets/sheet{}.xml"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}"><dimension ref="A1"/><sheetData/></worksheet>'
)
_CLONED = {"table", "comments", "vmlDrawing", "drawing", "chart", "printerSettings", "chartStyle", "chartColorStyle"}
_SHARED = {"hyperlink", "image"}
_NUMBER_AT_END = re.compile(r"\d*(?=\.[^.]*$)")


def add_sheet(workbook: Workbook, name: str, position: int) -> SheetEntry:
    """A new empty sheet at a position (from 0) among all sheets."""
    part = workbook.package.free_name(_SHEET_PART)
    workbook.package.write(part, _EMPTY)
    return _enter(workbook, name, part, position)


def _enter(workbook: Workbook, name: str, part: str, position: int) -> SheetEntry:
    workbook.package.set_content_type(part, _WORKSHEET_TYPE)
    relationship = workbook.package.relate(workbook.part, "worksheet", part)
    identifier = max(entry.identifier for entry in workbook.entries) + 1
    xml = f'<sheet xmlns:r="{RELATIONSHIPS}" name="" sheetId="{identifier}" r:id="{relationship}"/>'
    entry = SheetEntry(name, identifier, relationship, "visible", part, is_worksheet=True, xml=xml)
    entries = workbook.entries.copy()
    entries.insert(position, entry)
    reorder(workbook, entries)
    return entry


def reorder(workbook: Workbook, entries: list[SheetEntry]) -> None:
    """Put the sheets in another order; the one in front stays in front."""
    active = workbook.active
    workbook.entries = entries
    workbook.changed = True
    if active in entries:
        workbook.set_active_tab(entries.index(active))


def unused_sheet_name(workbook: Workbook, stem: str = "Sheet", copy_of: str | None = None) -> str:
    """The name that Excel would give: `Sheet4` for a new sheet, `Orders (2)` for a copy."""
    taken = {entry.name.lower() for entry in workbook.entries}
    if copy_of is not None:
        names = (f"{copy_of[: 31 - len(f' ({n})')]} ({n})" for n in range(2, len(taken) + 3))
    else:
        names = (f"{stem}{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name.lower() not in taken)


def rename_sheet(workbook: Workbook, entry: SheetEntry, name: str) -> None:
    """Give a sheet another name, also in every formula that refers to it."""
    if any(other is not entry and other.name.lower() == name.lower() for other in workbook.entries):
        raise ValueError(f"Sheet named '{name}' already present in workbook")
    if name.startswith("'") or name.endswith("'") or ":" in name:
        raise ValueError(f"A sheet can't be named {name!r}: no apostrophe at the ends, no colon")
    old = entry.name
    change_formulas(workbook, renaming(old, name), mentions=old.replace("'", "''"))
    entry.name = name
    workbook.changed = True


def delete_sheet(workbook: Workbook, entry: SheetEntry) -> None:
    """Delete a sheet with all that belongs to it alone; formulas that refer to it become #REF!."""
    if not any(other.state == "visible" for other in workbook.entries if other is not entry):
        raise ValueError("A workbook must contain at least one visible worksheet")
    was_active = workbook.active is entry
    change_formulas(workbook, renaming(entry.name, "#REF"), mentions=entry.name.replace("'", "''"))
    before = _reachable(workbook)
    workbook.package.unrelate(workbook.part, entry.relationship)
    for part in before - _reachable(workbook):
        workbook.package.drop(part)
    workbook.forget(entry.part)
    workbook.names = [name for name in workbook.names if name.sheet != entry.identifier]
    position = workbook.entries.index(entry)
    reorder(workbook, [other for other in workbook.entries if other is not entry])
    workbook.formulas_changed = True
    if was_active:
        later = [other for other in workbook.entries[position:] if other.state == "visible" and other.is_worksheet]
        workbook.activate(later[0] if later else workbook.sheets[-1])


def _reachable(workbook: Workbook) -> set[str]:
    found: set[str] = set()
    todo = [""]
    while todo:
        for link in workbook.package.relationships(todo.pop()):
            if not link.external and link.target in workbook.package and link.target not in found:
                found.add(link.target)
                todo.append(link.target)
    return found


def copy_sheet(workbook: Workbook, entry: SheetEntry, position: int) -> SheetEntry:
    """A copy of a sheet at a position (from 0): its tables get new names, its charts show the copy."""
    for link in workbook.package.relationships(entry.part):
        if link.kind not in _CLONED | _SHARED:
            raise NotImplementedError(
                f"The sheet {entry.name} has a {link.kind}, which can't be copied in a closed file. Copy it in Excel."
            )
    name = unused_sheet_name(workbook, copy_of=entry.name)
    source = workbook.worksheet(entry)
    for table in workbook.tables(source):
        table.store(workbook.package)
    text = re.sub(r"\scodeName=\"[^\"]*\"", "", source.text(), count=1)
    part = workbook.package.free_name(_SHEET_PART)
    workbook.package.write(part, re.sub(r"\stabSelected=\"\w+\"", "", text, count=1))
    renamed = _clone_parts(workbook, entry.part, part)
    made = _enter(workbook, name, part, position)
    change_own = renaming(entry.name, name)
    for old in [old for old in workbook.names if old.sheet == entry.identifier]:
        workbook.names.append(replace(old, sheet=made.identifier, text=change_own(None, old.text)))
    _point_to_copy(workbook, made, renamed, entry.name)
    return made


def _clone_parts(workbook: Workbook, source: str, copy: str) -> dict[str, str]:
    """Copy the parts that belong to a part; returns the new names of tables by their old ones."""
    package = workbook.package
    renamed: dict[str, str] = {}
    targets: dict[str, str] = {}
    for link in package.relationships(source):
        if link.external or link.kind not in _CLONED:
            continue
        new = package.free_name(_NUMBER_AT_END.sub("{}", link.target, count=1))
        package.write(new, package.read(link.target))
        content_type = package.content_type(link.target)
        if content_type and content_type != package.content_type(new):
            package.set_content_type(new, content_type)
        targets[link.id] = new
        if link.kind == "table":
            renamed |= _rename_table(workbook, new)
        else:
            renamed |= _clone_parts(workbook, link.target, new)
    package.copy_relationships(source, copy, targets)
    return renamed


def _rename_table(workbook: Workbook, part: str) -> dict[str, str]:
    tables = [table for _, table in workbook.all_tables()]
    table = Table(part, workbook.package.text(part))
    taken = {one.display_name.lower() for one in tables} | {name.name.lower() for name in workbook.names}
    old = table.display_name
    new = next(name for n in range(2, len(taken) + 3) if (name := f"{old}_{n}").lower() not in taken)
    table.rename(new, max(one.identifier for one in tables) + 1)
    table.store(workbook.package)
    return {old: new}


def _point_to_copy(workbook: Workbook, made: SheetEntry, tables: dict[str, str], old_sheet: str) -> None:
    """In the copy, formulas that name its own tables name the copies, and charts show the copy's cells."""
    package = workbook.package
    if tables:
        names = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, tables)) + r")(?=\[)")
        worksheet = workbook.worksheet(made)
        change_formulas(
            workbook,
            lambda own, formula: names.sub(lambda m: tables[m[1]], formula) if own == made.name else formula,
            mentions=None,
        )
        worksheet.changed = True
    change = renaming(old_sheet, made.name)
    for drawing in package.related(made.part, "drawing"):
        for chart in package.related(drawing.target, "chart"):
            text = package.text(chart.target)
            new = re.sub(r"(?<=<c:f>)([^<]*)(?=</c:f>)", lambda m: escape(change(None, unescape(m[1]))), text)
            package.write(chart.target, new)


def set_state(workbook: Workbook, entry: SheetEntry, visible: bool) -> None:
    """Show or hide a sheet.  ValueError for the last visible one."""
    if not visible and not any(other.state == "visible" for other in workbook.entries if other is not entry):
        raise ValueError("A workbook must contain at least one visible worksheet")
    entry.state = "visible" if visible else "hidden"
    workbook.changed = True
    if not visible and workbook.active is entry:
        workbook.activate(next(other for other in workbook.sheets if other.state == "visible"))
