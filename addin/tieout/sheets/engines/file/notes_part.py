"""The notes of a sheet: their texts (the comments part) and their boxes (the legacy VML drawing)."""

import re
from typing import TYPE_CHECKING

from tieout.sheets.engines.addresses import cell_name, parse_area
from tieout.sheets.engines.file.markup import (
    MAIN,
    RELATIONSHIPS,
    Element,
    Piece,
    attributes,
    decode_cell_text,
    encode_cell_text,
    escape,
    unescape,
)

if TYPE_CHECKING:
    from tieout.sheets.engines.file.package import Package
    from tieout.sheets.engines.file.worksheet import Worksheet

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SHAPE = re.compile(r"<v:shape\b(?!type).*?</v:shape>", re.S)
_SHAPE_NUMBER = re.compile(r"_x0000_s(\d+)\"")
_NEW_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'
)
_NEW_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{n}"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_NEW_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:108pt;height:60pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 31, {bottom}, 1</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


class Notes:
    """The notes of one sheet by the address of their cell."""

    def __init__(self, package: "Package", worksheet: "Worksheet") -> None:
        self._package = package
        self._sheet = worksheet
        links = package.related(worksheet.part, "comments")
        self._part = links[0].target if links else None

    def _root(self) -> Element:
        return Element.cut(self._package.text(self._part) if self._part else _NEW_COMMENTS)

    def _list(self, root: Element) -> Element:
        piece = root.find("commentList")
        return Element.cut(piece.xml.lstrip() if piece else "<commentList></commentList>")

    def _authors(self, root: Element) -> list[str]:
        piece = root.find("authors")
        found = [Element.cut(one.xml.lstrip()) for one in Element.cut(piece.xml.lstrip()).pieces] if piece else []
        return [unescape(one.text()[len(one.head) :].rpartition("</")[0]) for one in found]

    def all(self) -> dict[tuple[int, int], tuple[str, str]]:
        """By row and column: the text and the author."""
        root = self._root()
        authors, found = self._authors(root), {}
        for piece in self._list(root).pieces:
            values = attributes(piece.xml.lstrip())
            area = parse_area(values["ref"])
            number = int(values.get("authorId", "0"))
            if area:
                author = authors[number] if number < len(authors) else ""
                found[area.row, area.column] = decode_cell_text(piece.xml), author
        return found

    def put(self, row: int, column: int, text: str, author: str = "") -> None:
        """Set the text of a cell's note, made where there is none."""
        root = self._root()
        items = self._list(root)
        content = f'<text><t xml:space="preserve">{encode_cell_text(text)}</t></text>'
        piece = self._find(items, row, column)
        if piece is not None:
            element = Element.cut(piece.xml.lstrip())
            element.put("text", content)
            piece.xml = element.text()
        else:
            number = self._author_number(root, author)
            xml = f'<comment ref="{cell_name(row, column)}" authorId="{number}">{content}</comment>'
            items.pieces.append(Piece("comment", xml))
            self._add_shape(row, column)
        self._store(root, items)

    def remove(self, row: int, column: int) -> None:
        """Take a cell's note away."""
        root = self._root()
        items = self._list(root)
        piece = self._find(items, row, column)
        if piece is not None:
            items.pieces.remove(piece)
            self._store(root, items)
            self._change_shapes(lambda place: None if place == (row, column) else place)

    def move(self, places: dict[tuple[int, int], tuple[int, int] | None]) -> None:
        """After cells moved: each note goes where its cell went (None: it was deleted with it)."""
        root = self._root()
        items = self._list(root)
        for piece in list(items.pieces):
            area = parse_area(attributes(piece.xml.lstrip())["ref"])
            to = places.get((area.row, area.column), (area.row, area.column)) if area else None
            if to is None:
                items.pieces.remove(piece)
            else:
                piece.xml = re.sub(r"\sref=\"[^\"]*\"", f' ref="{cell_name(*to)}"', piece.xml, count=1)
        self._store(root, items)
        self._change_shapes(lambda place: places.get(place, place))

    def _find(self, items: Element, row: int, column: int) -> Piece | None:
        name = cell_name(row, column)
        return next((one for one in items.pieces if attributes(one.xml.lstrip())["ref"] == name), None)

    def _author_number(self, root: Element, author: str) -> int:
        authors = self._authors(root)
        if author not in authors:
            piece = root.find("authors")
            element = Element.cut(piece.xml.lstrip() if piece else "<authors></authors>")
            element.pieces.append(Piece("author", f"<author>{escape(author)}</author>"))
            root.put("authors", element.text(), ("authors", "commentList", "extLst"))
            authors.append(author)
        return authors.index(author)

    def _store(self, root: Element, items: Element) -> None:
        root.put("commentList", items.text(), ("authors", "commentList", "extLst"))
        if self._part is None:
            self._part = self._package.free_name("xl/comments{}.xml")
            self._package.set_content_type(self._part, _COMMENTS_TYPE)
            self._package.relate(self._sheet.part, "comments", self._part)
        self._package.write(self._part, root.text())

    # The boxes

    def _drawing(self) -> str | None:
        piece = self._sheet.around.find("legacyDrawing")
        if piece is None:
            return None
        identifier = next(value for name, value in attributes(piece.xml.lstrip()).items() if name.endswith("id"))
        links = self._package.relationships(self._sheet.part)
        return next((one.target for one in links if one.id == identifier), None)

    def _add_shape(self, row: int, column: int) -> None:
        part = self._drawing()
        if part is None:
            part = self._package.free_name("xl/drawings/vmlDrawing{}.vml")
            block_number = re.sub(r"\D", "", part.rpartition("/")[2])
            self._package.ensure_default("vml", _VML_TYPE)
            self._package.write(part, _NEW_VML.format(n=block_number).encode())
            identifier = self._package.relate(self._sheet.part, "vmlDrawing", part)
            self._sheet.put("legacyDrawing", f'<legacyDrawing xmlns:r="{RELATIONSHIPS}" r:id="{identifier}"/>')
        text = self._package.text(part)
        block = re.search(r"<o:idmap[^>]*data=\"(\d+)", text)
        numbers = [int(number) for number in _SHAPE_NUMBER.findall(text)]
        number = max([1024 * int(block[1] if block else 1), *numbers]) + 1
        shape = _NEW_SHAPE.format(
            number=number,
            row=row - 1,
            column=column - 1,
            left=column,
            top=max(0, row - 2),
            right=column + 2,
            bottom=row + 3,
        )
        head, end, rest = text.rpartition("</xml>")
        self._package.write(part, (head + shape + end + rest).encode())

    def _change_shapes(self, change: "Change") -> None:
        part = self._drawing()
        if part is None:
            return

        def changed(match: re.Match[str]) -> str:
            shape = match[0]
            row, column = re.search(r"<x:Row>(\d+)<", shape), re.search(r"<x:Column>(\d+)<", shape)
            if 'ObjectType="Note"' not in shape or row is None or column is None:
                return shape
            to = change((int(row[1]) + 1, int(column[1]) + 1))
            if to is None:
                return ""
            shape = shape.replace(row[0], f"<x:Row>{to[0] - 1}<")
            return shape.replace(column[0], f"<x:Column>{to[1] - 1}<")

        self._package.write(part, _SHAPE.sub(changed, self._package.text(part)).encode())


if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[tuple[int, int]], tuple[int, int] | None]
