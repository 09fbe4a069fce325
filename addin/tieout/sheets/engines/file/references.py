"""References in formulas, wherever a package has formulas, changed when sheets or cells get other names or places."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import WHOLE_SHEET, Area, column_letters, parse_area, quoted_sheet, split_sheet
from tieout.sheets.engines.file.formulas import FORMULA
from tieout.sheets.engines.file.markup import escape, escape_attribute, unescape

if TYPE_CHECKING:
    from tieout.sheets.engines.file.workbook import Workbook
    from tieout.sheets.engines.file.worksheet import Worksheet

# (sheet as written or None, the rest) -> the new pair
ChangeReference = Callable[[str | None, str], tuple[str | None, str]]
# (name of the sheet that the formula stands in or None, formula without =) -> formula
ChangeFormula = Callable[[str | None, str], str]

_AROUND = ("conditionalFormatting", "dataValidations", "hyperlinks", "extLst")
_AROUND_FORMULA = re.compile(r"(<(?:formula|formula1|formula2|xm:f)(?:\s[^>]*)?>)([^<]*)(?=</)")
_LOCATION = re.compile(r"(\slocation=\")([^\"]*)(?=\")")
_TABLE_FORMULA = re.compile(r"(<(?:calculatedColumnFormula|totalsRowFormula)(?:\s[^>]*)?>)([^<]*)(?=</)")
_CHART_FORMULA = re.compile(r"(<c:f>)([^<]*)(?=</)")
_CORNERS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?::(\$?)([A-Za-z]{1,3})(\$?)(\d+))?\Z")
_WHOLE = re.compile(r"(\$?)([A-Za-z]{1,3}|\d+):(\$?)([A-Za-z]{1,3}|\d+)\Z")


def rewritten(formula: str, change: ChangeReference) -> str:
    """A formula without its = in which every reference has been changed; one that can't be read stays as it is."""
    from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

    try:
        tokens = Tokenizer("=" + formula).items
    except TokenizerError:
        return formula
    parts = []
    for token in tokens:
        text = token.value
        if token.type == Token.OPERAND and token.subtype == Token.RANGE and "[" not in text.rpartition("!")[2]:
            sheet, rest = split_sheet(text)
            new_sheet, new_rest = change(sheet, rest)
            if (new_sheet, new_rest) != (sheet, rest):
                text = new_rest if new_sheet is None else f"{_sheet_prefix(new_sheet)}!{new_rest}"
        parts.append(text)
    return "".join(parts)


def _sheet_prefix(sheet: str) -> str:
    return sheet if sheet == "#REF" else quoted_sheet(sheet, needs_quotes=":" in sheet or "[" in sheet)


def shifted_reference(reference: str, moved: Callable[[Area], Area | None]) -> str:
    """An A1 reference after its cells moved, with its $ signs kept; #REF! where they are gone."""
    area = parse_area(reference)
    if area is None:
        return reference
    to = moved(area)
    if to is None:
        return "#REF!"
    if to == area:
        return reference
    corners, whole = _CORNERS.match(reference), _WHOLE.match(reference)
    if corners:
        first = f"{corners[1]}{column_letters(to.column)}{corners[3]}{to.row}"
        if corners[6] is None:
            return first
        return f"{first}:{corners[5]}{column_letters(to.last_column)}{corners[7]}{to.last_row}"
    assert whole is not None
    if whole[2].isdigit():
        return f"{whole[1]}{to.row}:{whole[3]}{to.last_row}"
    return f"{whole[1]}{column_letters(to.column)}:{whole[3]}{column_letters(to.last_column)}"


def change_formulas(workbook: "Workbook", change: ChangeFormula, mentions: str | None = None) -> None:
    """Change every formula of the workbook: in cells, rules, links, tables, names and charts.

    With `mentions`, cells of a sheet are only looked through where the sheet's text has that word.
    """
    for entry in workbook.sheets:
        worksheet = workbook.worksheet(entry)
        if mentions is None or escape(mentions) in worksheet.cell_text():
            _change_cells(worksheet, entry.name, change)
        _change_around(worksheet, entry.name, change)
        for table in workbook.tables(worksheet):
            table.map_text(_TABLE_FORMULA, _substitute(entry.name, change, escape))
    for name in workbook.names:
        new = change(None, name.text)
        if new != name.text:
            name.text = new
            workbook.changed = True
    package = workbook.package
    for part in [part for part in package.names if part.startswith("xl/charts/") and part.endswith(".xml")]:
        text = package.text(part)
        new = _CHART_FORMULA.sub(_substitute(None, change, escape), text)
        if new != text:
            package.write(part, new)


def _substitute(
    sheet: str | None, change: ChangeFormula, escaped: Callable[[str], str]
) -> Callable[["re.Match[str]"], str]:
    return lambda match: match[1] + escaped(change(sheet, unescape(match[2]))) if match[2] else match[0]


def _change_cells(worksheet: "Worksheet", name: str, change: ChangeFormula) -> None:
    for row, column, (tag, inner) in worksheet.grid.present(WHOLE_SHEET):
        match = FORMULA.search(inner) if "<f" in inner else None
        if match is None or not match[2]:
            continue
        old = unescape(match[2])
        new = change(name, old)
        if new != old:
            xml = f"{inner[: match.start(2)]}{escape(new)}{inner[match.end(2) :]}"
            worksheet.grid.put(row, column, (tag, xml))
            worksheet.changed = True


def _change_around(worksheet: "Worksheet", name: str, change: ChangeFormula) -> None:
    for piece in worksheet.around.pieces:
        if piece.name in _AROUND:
            new = _AROUND_FORMULA.sub(_substitute(name, change, escape), piece.xml)
            if piece.name == "hyperlinks":
                new = _LOCATION.sub(_substitute(name, change, escape_attribute), new)
            if new != piece.xml:
                piece.xml = new
                worksheet.changed = True


def renaming(old: str, new: str) -> ChangeFormula:
    """The change of formulas when a sheet gets another name; with `#REF`, when it is deleted."""

    def change(sheet: str | None, rest: str) -> tuple[str | None, str]:
        if sheet is None or "[" in sheet:
            return sheet, rest
        ends = [new if end.lower() == old.lower() else end for end in sheet.split(":")]
        return ("#REF" if "#REF" in ends else ":".join(ends)), rest

    return lambda _, formula: (
        rewritten(formula, change) if old.lower() in formula.lower().replace("''", "'") else formula
    )
