"""What kind of workbook a file is, by the ending of its name."""

from pathlib import Path
from typing import TYPE_CHECKING

from tieout.sheets.engines.errors import NotInThisEngine

if TYPE_CHECKING:
    from tieout.sheets.engines.file.workbook import Workbook

_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MACRO = "application/vnd.ms-excel."
_TYPES = {
    ".xlsx": f"{_PLAIN}sheet.main+xml",
    ".xltx": f"{_PLAIN}template.main+xml",
    ".xlsm": f"{_MACRO}sheet.macroEnabled.main+xml",
    ".xltm": f"{_MACRO}template.macroEnabled.main+xml",
    ".xlam": f"{_MACRO}addin.macroEnabled.main+xml",
}
_WITHOUT_MACROS = {".xlsx", ".xltx"}


def set_kind(workbook: "Workbook", path: Path) -> None:
    """Make the package what its name says.  As in Excel, a kind without macros loses them."""
    ending = path.suffix.lower()
    if ending not in _TYPES:
        raise NotInThisEngine(
            f"{path.name}: without Excel only {', '.join(_TYPES)} can be written, "
            f"not {ending or 'a name without ending'}."
        )
    package, part = workbook.package, workbook.part
    if package.content_type(part) != _TYPES[ending]:
        package.set_content_type(part, _TYPES[ending])
    if ending in _WITHOUT_MACROS:
        for link in package.related(part, "vbaProject"):
            package.unrelate(part, link.id)
            package.drop(link.target)
