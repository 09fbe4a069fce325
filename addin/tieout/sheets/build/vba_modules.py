"""The modules of the VBA project as VBA's editor would store them, from .bas and .cls text.

Source: [MS-OVBA] 2.3.4.3 (Module Stream: source text with the attributes that the editor hides) and the class ids
that Excel itself gives to workbooks, sheets and classes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

CODE_PAGE = "cp1252"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")  # [MS-OVBA] 2.3.4.2.3.2.1 MODULENAME: a VBA identifier
LINE_CHARACTERS_MAX = 1023  # the VBA editor's limit of a physical line
WORKBOOK_CLASS = "0{00020819-0000-0000-C000-000000000046}"
SHEET_CLASS = "0{00020820-0000-0000-C000-000000000046}"
CLASS_CLASS = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"


class ModuleKind(StrEnum):
    """What a module is; the value is the word for it in the PROJECT stream ([MS-OVBA] 2.3.1.7)."""

    DOCUMENT = "Document"
    STANDARD = "Module"
    CLASS = "Class"


@dataclass(frozen=True, slots=True)
class Module:
    """A module: its name, its kind, and its whole source with attributes and CRLF line ends."""

    name: str
    kind: ModuleKind
    source: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name} can't be the name of a VBA module")
        self.source.encode(CODE_PAGE)
        for number, line in enumerate(self.source.split("\r\n"), 1):
            if len(line) > LINE_CHARACTERS_MAX:
                raise ValueError(
                    f"VBA module {self.name}, line {number}: longer than {LINE_CHARACTERS_MAX} characters"
                )


def workbook_module(name: str, code: str = "") -> Module:
    """The module of the workbook; its name is the workbook's code name."""
    return Module(name, ModuleKind.DOCUMENT, _document(name, WORKBOOK_CLASS) + _lines(code))


def sheet_module(name: str) -> Module:
    """The empty module of a sheet; its name is the sheet's code name."""
    return Module(name, ModuleKind.DOCUMENT, _document(name, SHEET_CLASS))


def standard_module(name: str, code: str) -> Module:
    """A standard module from the text of a .bas file."""
    body = re.sub(r'\AAttribute VB_Name = "[^"]*"\r\n', "", _lines(code))
    return Module(name, ModuleKind.STANDARD, f'Attribute VB_Name = "{name}"\r\n{body}')


def class_module(name: str, code: str) -> Module:
    """A class module from the text of a .cls file; its header (version, BEGIN ... END) has no place in a project."""
    body = re.sub(r"\AVERSION 1\.0 CLASS\r\nBEGIN\r\n(?:.*\r\n)*?END\r\n", "", _lines(code))
    given = dict(re.findall(r"(?m)^Attribute (VB_\w+) = (.*?)\r?$", body))
    body = re.sub(r"(?m)^Attribute VB_\w+ = .*\r\n", "", body)
    attributes = {
        "VB_Name": f'"{name}"',
        "VB_Base": f'"{CLASS_CLASS}"',
        "VB_GlobalNameSpace": "False",
        "VB_Creatable": "False",
        "VB_PredeclaredId": "False",
        "VB_Exposed": given.get("VB_Exposed", "False"),
        "VB_TemplateDerived": "False",
        "VB_Customizable": "False",
    }
    return Module(name, ModuleKind.CLASS, _attributes(attributes) + body)


def _document(name: str, class_id: str) -> str:
    return _attributes(
        {
            "VB_Name": f'"{name}"',
            "VB_Base": f'"{class_id}"',
            "VB_GlobalNameSpace": "False",
            "VB_Creatable": "False",
            "VB_PredeclaredId": "True",
            "VB_Exposed": "True",
            "VB_TemplateDerived": "False",
            "VB_Customizable": "True",
        }
    )


def _attributes(values: dict[str, str]) -> str:
    return "".join(f"Attribute {name} = {value}\r\n" for name, value in values.items())


def _lines(text: str) -> str:
    """`text` with CRLF line ends, the last line ended too."""
    lines = re.sub(r"\r\n|\r|\n", "\r\n", text)
    return lines if not lines or lines.endswith("\r\n") else lines + "\r\n"
