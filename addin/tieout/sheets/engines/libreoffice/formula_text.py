"""Formulas between Excel's way of writing them and LibreOffice's.

LibreOffice takes and gives formulas in its own notation (`=SUM($Orders.A1:A3;2)`); Excel's is `=SUM(Orders!A1:A3,2)`.
Function names are the same in English; the separators, the sheet's sign and the arrays' are not.
"""

import re

from tieout.sheets.engines.addresses import parse_area, quoted_sheet, split_sheet
from tieout.sheets.engines.file.formulas import from_file, to_file

_STRING = re.compile(r"(\"(?:[^\"]|\"\")*\")")
_OFFICE_SHEET = re.compile(r"\$?('(?:[^']|'')+'|[^\W\d]\w*)\.(?=\$?[A-Za-z]{1,3}(?:\$?\d|:)|\$?\d+:)")
_RANGE_SHEET = re.compile(r"('(?:[^']|'')+'|[^\W\d]\w*)!(\$?[A-Z]{1,3}\$?\d+):('(?:[^']|'')+'|[^\W\d]\w*)!")
_LOGICAL = re.compile(r"\b(TRUE|FALSE)\(\)")
_CORNER = r"\$?(?:[A-Z]{1,3}|#REF!)\$?(?:\d+|#REF!)?"
_REFERENCE = re.compile(rf"(?:\$?(?:'(?:[^']|'')+'|[^\W\d]\w*)\.)?{_CORNER}(?::{_CORNER})?")
_ARRAY = re.compile(r"\{[^{}]*\}")


def to_office(formula: str, table: str | None = None) -> str:
    """A user's formula (`=…`) as LibreOffice takes it; `table` is the table that the cell is in."""
    from openpyxl.formula.tokenizer import Token, Tokenizer

    written = from_file(to_file(formula, table))
    parts = []
    for token in Tokenizer(written).items:
        text = token.value
        if token.type == Token.SEP:
            text = "|" if token.subtype == Token.ROW else ";"
        elif token.type == Token.OPERAND and token.subtype == Token.LOGICAL:
            text = f"{text.upper()}()"
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            text = _office_reference(text)
        parts.append(text)
    return "=" + "".join(parts)


def _office_reference(text: str) -> str:
    if "[" in text:
        return text.replace("],[", "];[")
    sheet, rest = split_sheet(text)
    if sheet is None or parse_area(rest) is None:
        return text
    return f"${quoted_sheet(sheet)}.{rest}"


def from_office(formula: str) -> str:
    """A formula as LibreOffice gives it (`=…`) in Excel's way of writing."""
    parts = _STRING.split(formula.removeprefix("{").removesuffix("}"))
    for number in range(0, len(parts), 2):
        text = _ARRAY.sub(lambda match: match[0].replace(";", ",").replace("|", ";"), parts[number])
        text = re.sub(r";(?![^{}]*\})", ",", text) if "{" in text else text.replace(";", ",")
        if "#REF!" in text:  # LibreOffice says which part is gone: $Sheet1.$B$#REF!:$D$#REF!
            text = _REFERENCE.sub(lambda match: "#REF!" if "#REF!" in match[0] else match[0], text)
        text = _OFFICE_SHEET.sub(lambda match: match[1] + "!", text)
        text = _RANGE_SHEET.sub(lambda m: f"{m[1]}!{m[2]}:" if m[1] == m[3] else m[0], text)
        parts[number] = _LOGICAL.sub(r"\1", text)
    return "".join(parts)
