"""XML edited as text, so that what isn't changed stays as its program wrote it.

A part of a workbook carries things that a parse and a fresh serialisation would lose: prefixes that only an
attribute's value mentions (`mc:Ignorable="x14ac"`), extensions, the order of attributes.  Here an element is cut
into its children, one child is replaced, and all other characters are put back as they were.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|<(?P<close>/?)(?P<name>[^\s/>!?]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/?)>",
    re.S,
)
_ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_TEXT_RUN = re.compile(r"<t(?:\s[^>]*)?>(.*?)</t>", re.S)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.S)
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NEEDS_CODE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def unescape(text: str) -> str:
    """Character data as text."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#x"):
        return chr(int(name[2:], 16))
    return chr(int(name[1:])) if name.startswith("#") else _NAMED[name]


def escape(text: str) -> str:
    """Text as character data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    """Text as an attribute's value between double quotes."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def encode_cell_text(text: str) -> str:
    """A cell's text as character data: what XML can't hold is written _xHHHH_ (ECMA-376, ST_Xstring)."""
    if _NEEDS_CODE.search(text):
        text = _NEEDS_CODE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    if "&" in text or "<" in text or ">" in text:
        return escape(text)
    return text


def decode_cell_text(xml: str) -> str:
    """The text of an element that holds `<t>` runs (a shared string, an inline string, a note); no phonetics."""
    if "<rPh" in xml:
        xml = _PHONETIC.sub("", xml)
    return decode_text("".join(_TEXT_RUN.findall(xml)))


def decode_text(text: str) -> str:
    """Character data of a cell (ST_Xstring) as text."""
    if "<![CDATA[" in text:
        text = _CDATA.sub(lambda match: escape(match[1]), text)
    text = unescape(text)
    return _CODED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag (or of a run of attributes), unescaped."""
    tag = tag[: tag.find(">") + 1] if tag.startswith("<") else tag
    return {name: unescape(first or second) for name, first, second in _ATTRIBUTE.findall(tag)}


def start_tag(xml: str) -> str:
    """The start tag of an element's text."""
    match = _TOKEN.match(xml.lstrip())
    if match is None:
        raise ValueError(f"not an element: {xml[:60]!r}")
    return match[0]


def with_attribute(xml: str, name: str, value: str | None) -> str:
    """The element with one attribute of its start tag set, or removed where value is None."""
    tag = start_tag(xml)
    at = xml.index(tag)
    found = re.search(rf"\s{re.escape(name)}\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
    new = "" if value is None else f' {name}="{escape_attribute(value)}"'
    if found:
        changed = tag[: found.start()] + new + tag[found.end() :]
    else:
        end = -2 if tag.endswith("/>") else -1
        changed = tag[:end].rstrip() + new + tag[end:]
    return xml[:at] + changed + xml[at + len(tag) :]


@dataclass(slots=True)
class Piece:
    """A child element: its name and its text, with whatever whitespace or comment stood before it."""

    name: str
    xml: str


@dataclass(slots=True)
class Element:
    """An element cut into its start (with any prologue), its children in order, and its end."""

    head: str
    pieces: list[Piece] = field(default_factory=list)
    tail: str = ""

    @classmethod
    def cut(cls, xml: str) -> "Element":
        """Cut an element's text, or a whole document."""
        depth, last, name, head = 0, 0, "", None
        pieces: list[Piece] = []
        for token in _TOKEN.finditer(xml):
            if token["name"] is None:
                continue
            if token["close"]:
                depth -= 1
                if depth == 0:
                    return cls(head or "", pieces, xml[last:])
                if depth == 1:
                    pieces.append(Piece(name, xml[last : token.end()]))
                    last = token.end()
            elif depth == 0:
                if token["empty"]:
                    opened = xml[: token.end() - 2].rstrip() + ">"
                    return cls(opened, [], f"</{token['name']}>" + xml[token.end() :])
                head, last, depth = xml[: token.end()], token.end(), 1
            elif token["empty"]:
                if depth == 1:
                    pieces.append(Piece(token["name"], xml[last : token.end()]))
                    last = token.end()
            else:
                if depth == 1:
                    name = token["name"]
                depth += 1
        raise ValueError("an element has no end")

    def text(self) -> str:
        """The element put together again."""
        return self.head + "".join([piece.xml for piece in self.pieces]) + self.tail

    def find(self, name: str) -> Piece | None:
        """The first child of that name."""
        return next((piece for piece in self.pieces if piece.name == name), None)

    def all(self, name: str) -> list[Piece]:
        """All children of that name."""
        return [piece for piece in self.pieces if piece.name == name]

    def put(self, name: str, xml: str, order: Sequence[str] = ()) -> Piece:
        """Replace the first child of that name, or insert it where the schema's `order` of names has it."""
        piece = self.find(name)
        if piece is not None:
            piece.xml = xml
            return piece
        piece = Piece(name, xml)
        later = set(order[order.index(name) + 1 :]) if name in order else set()
        at = next((n for n, other in enumerate(self.pieces) if other.name in later), len(self.pieces))
        self.pieces.insert(at, piece)
        return piece

    def remove(self, name: str) -> None:
        """Remove all children of that name."""
        self.pieces = [piece for piece in self.pieces if piece.name != name]

    def attribute(self, name: str) -> str | None:
        """An attribute of the element itself."""
        return attributes(self.head[self.head.rindex("<") :]).get(name)

    def set_attribute(self, name: str, value: str | None) -> None:
        """Set an attribute of the element itself, or remove it where value is None."""
        at = self.head.rindex("<")
        self.head = self.head[:at] + with_attribute(self.head[at:], name, value)


def without_prefix(xml: str, namespace: str = MAIN) -> str:
    """The document with the prefix of a namespace made its default, as some programs bind the main one to `x:`."""
    if f'xmlns="{namespace}"' in xml[:4000]:
        return xml
    match = re.search(rf"xmlns:([\w.-]+)=\"{re.escape(namespace)}\"", xml[:4000])
    if match is None:
        return xml
    prefix = re.escape(match[1])
    return re.sub(rf"(</?){prefix}:", r"\1", xml.replace(match[0], f'xmlns="{namespace}"', 1))
