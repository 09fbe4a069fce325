"""A sheet's protection, lifted for a while and put back as it was."""

from typing import TYPE_CHECKING

from tieout.sheets.engines.errors import NotInThisEngine
from tieout.sheets.engines.file.markup import attributes

if TYPE_CHECKING:
    from tieout.sheets.engines.file.worksheet import Worksheet

_EXCEL_DEFAULT = '<sheetProtection sheet="1" objects="1" scenarios="1"/>'
_PASSWORD = {"password", "hashValue"}


def protect(worksheet: "Worksheet", on: bool, password: str | None) -> None:
    """Protect a sheet or lift its protection.  Passwords can neither be checked nor set in a closed file."""
    if password:
        raise NotInThisEngine("A sheet's password can only be given or set in Excel.")
    piece = worksheet.around.find("sheetProtection")
    if on:
        if piece is None:
            worksheet.put("sheetProtection", worksheet.lifted_protection or _EXCEL_DEFAULT)
        return
    if piece is None:
        return
    if _PASSWORD & attributes(piece.xml.lstrip()).keys():
        raise NotInThisEngine("This sheet is protected with a password; lift its protection in Excel.")
    worksheet.lifted_protection = piece.xml
    worksheet.put("sheetProtection", "")
