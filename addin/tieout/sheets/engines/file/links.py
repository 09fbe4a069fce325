"""The hyperlinks of a sheet: to addresses outside (relationships) and to places in the book (locations)."""

from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import Area, parse_area
from tieout.sheets.engines.file.markup import RELATIONSHIPS, Element, Piece, attributes, escape_attribute

if TYPE_CHECKING:
    from tieout.sheets.engines.file.worksheet import Worksheet


def _links(worksheet: "Worksheet") -> Element:
    piece = worksheet.around.find("hyperlinks")
    return Element.cut(piece.xml.lstrip() if piece else "<hyperlinks></hyperlinks>")


def _store(worksheet: "Worksheet", links: Element) -> None:
    worksheet.put("hyperlinks", links.text() if links.pieces else "")


def link_at(worksheet: "Worksheet", area: Area) -> str | None:
    """The address of the link that covers a cell (`#Sheet!A1` for a place in the book), or None."""
    for piece in _links(worksheet).pieces:
        values = attributes(piece.xml.lstrip())
        covered = parse_area(values["ref"])
        if covered is None or not covered.meets(area):
            continue
        identifier = next((value for name, value in values.items() if name.endswith(":id")), None)
        found = worksheet.workbook.package.relationships(worksheet.part)
        address = next((one.target for one in found if one.id == identifier), "")
        return f"{address}#{values['location']}" if values.get("location") else address
    return None


def add_link(worksheet: "Worksheet", area: Area, address: str, tip: str | None) -> None:
    """Link a cell to an address, or with `#Sheet!A1` to a place in the book; a link that is there is replaced."""
    remove_links(worksheet, area)
    links = _links(worksheet)
    xml = f'<hyperlink ref="{area}"'
    if address.startswith("#"):
        xml += f' location="{escape_attribute(address[1:])}"'
    else:
        identifier = worksheet.workbook.package.relate(worksheet.part, "hyperlink", address, external=True)
        xml += f' xmlns:r="{RELATIONSHIPS}" r:id="{identifier}"'
    if tip:
        xml += f' tooltip="{escape_attribute(tip[:255])}"'
    links.pieces.append(Piece("hyperlink", xml + "/>"))
    _store(worksheet, links)


def remove_links(worksheet: "Worksheet", area: Area) -> None:
    """Take away the links that lie wholly in an area, and their relationships."""
    links = _links(worksheet)
    for piece in list(links.pieces):
        values = attributes(piece.xml.lstrip())
        covered = parse_area(values["ref"])
        if covered is not None and area.holds(covered):
            links.pieces.remove(piece)
            identifier = next((value for name, value in values.items() if name.endswith(":id")), None)
            if identifier is not None:
                worksheet.workbook.package.unrelate(worksheet.part, identifier)
            _store(worksheet, links)
