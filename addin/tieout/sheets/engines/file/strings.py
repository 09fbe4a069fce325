"""The shared strings of a workbook, read when a cell refers to one.

New text is written into the cell itself (an inline string), so this part never changes: texts that others refer
to keep their numbers, and replacing a table's rows leaves no strings behind that nothing refers to.
"""

import re

from tieout.sheets.engines.file.markup import decode_cell_text

_ITEM = re.compile(r"<si\s*/>|<si(?:\s[^>]*)?>(.*?)</si>", re.S)
_PLAIN = re.compile(r"<t(?:\s[^>]*)?>([^<&]*)</t>\Z")


def shared_strings(part: str) -> list[str]:
    """All strings of the part by number; rich text without its formats, phonetic hints left out."""
    found = []
    for xml in _ITEM.findall(part):
        plain = _PLAIN.match(xml)
        found.append(plain[1] if plain and "_x" not in xml else decode_cell_text(xml))
    return found
