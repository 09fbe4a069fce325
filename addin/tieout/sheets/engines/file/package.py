"""The parts of a workbook package, their content types and the relationships between them.

Open Packaging Conventions (ECMA-376 part 2).  Nothing is parsed before it is asked for, and what is not changed
is copied byte for byte when the package is written.
"""

import posixpath
import re
from dataclasses import dataclass

from tieout.sheets.engines.file.archive import Archive
from tieout.sheets.engines.file.markup import (
    RELATIONSHIPS,
    Element,
    attributes,
    escape_attribute,
    with_attribute,
    without_prefix,
)

CONTENT_TYPES = "[Content_Types].xml"
_PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([\w.-]+)[\"']")
_NO_RELATIONSHIPS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE_RELATIONSHIPS}">'
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from a part to another part (`target` is its name) or, if `external`, to an address."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of its type: worksheet, table, hyperlink, comments and so on."""
        return self.type.rsplit("/", 1)[-1]


class Package:
    """The parts of one workbook; names are without a leading slash."""

    def __init__(self, data: bytes) -> None:
        """Raises BookUnreadable where the bytes are no package."""
        self._load(data)

    def _load(self, data: bytes) -> None:
        self._archive = Archive(data)
        self._names = self._archive.names
        self._by_lower = {name.lower(): name for name in self._names}
        self._changed: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_lower

    @property
    def names(self) -> list[str]:
        """All part names, in the order of the file."""
        return list(self._names)

    @property
    def changed(self) -> bool:
        """Whether anything was written or dropped since the package was read or packed."""
        return bool(self._changed) or self._names != self._archive.names

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        name = self._by_lower[name.lower()]
        return self._changed[name] if name in self._changed else self._archive.read(name)

    def text(self, name: str) -> str:
        """An XML part as text, its main namespace without a prefix."""
        data = self.read(name)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            text = data.decode("utf-16")
        else:
            declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
            text = data.decode(declared[1].decode() if declared else "utf-8").removeprefix("\ufeff")
        return without_prefix(text)

    def write(self, name: str, content: str | bytes) -> None:
        """Replace a part, or add it; text that says so stays declared as UTF-8."""
        if isinstance(content, str):
            content = re.sub(r"encoding=([\"'])[\w.-]+\1", 'encoding="UTF-8"', content, count=1).encode()
        known = self._by_lower.setdefault(name.lower(), name)
        if known not in self._changed and known not in self._names:
            self._names.append(known)
        self._changed[known] = content

    def drop(self, name: str) -> None:
        """Remove a part, its relationships and its content type; the relationship to it is the caller's."""
        for part in (name, relationships_name(name)):
            known = self._by_lower.pop(part.lower(), None)
            if known is not None:
                self._names.remove(known)
                self._changed.pop(known, None)
        self._set_override(name, None)

    def free_name(self, pattern: str) -> str:
        """The first name that no part has: `xl/tables/table{}.xml` gives `xl/tables/table3.xml`."""
        return next(name for n in range(1, len(self._names) + 2) if (name := pattern.format(n)) not in self)

    def content_type(self, name: str) -> str | None:
        """The content type of a part."""
        types = Element.cut(self.text(CONTENT_TYPES))
        extension = name.rpartition(".")[2].lower()
        default = None
        for piece in types.pieces:
            values = attributes(piece.xml.lstrip())
            if values.get("PartName", "").lower() == "/" + name.lower():
                return values["ContentType"]
            if values.get("Extension", "").lower() == extension:
                default = values["ContentType"]
        return default

    def set_content_type(self, name: str, content_type: str) -> None:
        """Say what a part is."""
        self._set_override(name, content_type)

    def _set_override(self, name: str, content_type: str | None) -> None:
        types = Element.cut(self.text(CONTENT_TYPES))
        for piece in types.all("Override"):
            if attributes(piece.xml.lstrip())["PartName"].lower() == "/" + name.lower():
                if content_type is None:
                    types.pieces.remove(piece)
                else:
                    piece.xml = with_attribute(piece.xml, "ContentType", content_type)
                break
        else:
            if content_type is None:
                return
            types.put(f"+{name}", f'<Override PartName="/{escape_attribute(name)}" ContentType="{content_type}"/>')
        self.write(CONTENT_TYPES, types.text())

    def ensure_default(self, extension: str, content_type: str) -> None:
        """Say what all parts with an extension are, unless that is said already."""
        types = Element.cut(self.text(CONTENT_TYPES))
        known = {attributes(piece.xml.lstrip())["Extension"].lower() for piece in types.all("Default")}
        if extension not in known:
            types.put("Default+", f'<Default Extension="{extension}" ContentType="{content_type}"/>')
            types.pieces.insert(0, types.pieces.pop())
            self.write(CONTENT_TYPES, types.text())

    def relationships(self, name: str = "") -> list[Relationship]:
        """The relationships of a part (of the package itself for the empty name); targets are part names."""
        part = relationships_name(name)
        if part not in self:
            return []
        found = []
        for piece in Element.cut(without_prefix(self.text(part), _PACKAGE_RELATIONSHIPS)).all("Relationship"):
            values = attributes(piece.xml.lstrip())
            external = values.get("TargetMode") == "External"
            target = values["Target"] if external else absolute(name, values["Target"])
            found.append(Relationship(values["Id"], values["Type"], target, external))
        return found

    def related(self, name: str, kind: str) -> list[Relationship]:
        """The relationships of one kind (the last word of the type)."""
        return [one for one in self.relationships(name) if one.kind == kind]

    def relate(self, name: str, kind: str, target: str, external: bool = False) -> str:
        """Add a relationship of a kind of the office document namespace; returns its id."""
        part = relationships_name(name)
        known = {one.id for one in self.relationships(name)}
        number = next(n for n in range(1, len(known) + 2) if f"rId{n}" not in known)
        place = target if external else posixpath.relpath(target, posixpath.dirname(name) or ".")
        mode = ' TargetMode="External"' if external else ""
        text = self.text(part) if part in self else _NO_RELATIONSHIPS + "</Relationships>"
        items = Element.cut(text)
        link = f'Type="{RELATIONSHIPS}/{kind}" Target="{escape_attribute(place)}"{mode}'
        items.put("+", f'<Relationship Id="rId{number}" {link}/>')
        self.write(part, items.text())
        return f"rId{number}"

    def unrelate(self, name: str, identifier: str) -> None:
        """Remove a relationship by its id."""
        items = Element.cut(self.text(relationships_name(name)))
        items.pieces = [piece for piece in items.pieces if attributes(piece.xml.lstrip()).get("Id") != identifier]
        self.write(relationships_name(name), items.text())

    def copy_relationships(self, source: str, copy: str, targets: dict[str, str]) -> None:
        """Give a copied part its source's relationships; `targets` are, by id, those that point to copies."""
        part = relationships_name(source)
        if part not in self:
            return
        items = Element.cut(self.text(part))
        for piece in items.pieces:
            identifier = attributes(piece.xml.lstrip()).get("Id", "")
            if identifier in targets:
                place = posixpath.relpath(targets[identifier], posixpath.dirname(copy) or ".")
                piece.xml = with_attribute(piece.xml, "Target", place)
        self.write(relationships_name(copy), items.text())

    def packed(self) -> bytes:
        """The package as a file's bytes."""
        return self._archive.packed(self._names, self._changed)

    def rebase(self, data: bytes) -> None:
        """Take the bytes just written as the new original, so that later changes are counted from there."""
        self._load(data)


def relationships_name(name: str) -> str:
    """The part that holds a part's relationships."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def absolute(source: str, target: str) -> str:
    """The part name of a relationship's target, which may be relative to the source's folder."""
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
