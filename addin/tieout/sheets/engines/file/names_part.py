"""The defined names of a workbook, of the whole book and of single sheets."""

from dataclasses import dataclass

from tieout.sheets.engines.file.markup import Element, attributes, escape, escape_attribute, unescape

BUILT_IN = "_xlnm."
PRINT_AREA = "_xlnm.Print_Area"


@dataclass(slots=True, eq=False)
class DefinedName:
    """A name, what it refers to (without =), the sheet it belongs to (its sheetId, None for the book), the rest."""

    name: str
    text: str
    sheet: int | None
    others: dict[str, str]

    @property
    def shown(self) -> str:
        """The name without the prefix of Excel's own names (`_xlnm.Print_Area`)."""
        return self.name.removeprefix(BUILT_IN)


def read_names(xml: str | None, sheet_ids: list[int]) -> list[DefinedName]:
    """The names of a `definedNames` element; `sheet_ids` are the sheets in their order."""
    found = []
    for piece in Element.cut(xml.lstrip()).all("definedName") if xml else []:
        element = Element.cut(piece.xml.lstrip())
        values = attributes(element.head)
        place = values.pop("localSheetId", None)
        inner = element.text()[len(element.head) :].rpartition("</")[0]
        sheet = sheet_ids[int(place)] if place is not None and int(place) < len(sheet_ids) else None
        if place is None or sheet is not None:
            found.append(DefinedName(values.pop("name"), unescape(inner), sheet, values))
    return found


def names_xml(names: list[DefinedName], sheet_ids: list[int]) -> str:
    """The `definedNames` element, empty where there are no names."""
    items = []
    for one in names:
        local = f' localSheetId="{sheet_ids.index(one.sheet)}"' if one.sheet is not None else ""
        rest = "".join(f' {name}="{escape_attribute(value)}"' for name, value in one.others.items())
        items.append(
            f'<definedName name="{escape_attribute(one.name)}"{local}{rest}>{escape(one.text)}</definedName>'
        )
    return f"<definedNames>{''.join(items)}</definedNames>" if items else ""
