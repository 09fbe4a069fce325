"""Which VBA goes into the workbook: our own modules from `workbook/vba/`, and xlwings' open-source module.

xlwings.bas (BSD 3-Clause) and Dictionary.cls (MIT, by Tim Hall, for macOS) come from the installed xlwings, so that
they fit its version. The project's name in xlwings.bas is made ours: the settings are then those of the sheet
tieout.conf and of the user's tieout.conf, and other xlwings books are left alone.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from tieout.resources import packaged
from tieout.sheets.build.vba_modules import (
    Module,
    class_module,
    sheet_module,
    standard_module,
    workbook_module,
)

XLWINGS_PROJECT = "tieout"
CONF_SHEET = f"{XLWINGS_PROJECT}.conf"
WORKBOOK_MODULE = "ThisWorkbook"
OWN_MODULES = ("TieoutRibbon", "TieoutPresses")
PROJECT_NAME_LINE = 'Public Const PROJECT_NAME As String = "{}"'


def vba_modules(sheet_code_names: Sequence[str]) -> tuple[Module, ...]:
    """All modules, for a workbook whose sheets have those code names."""
    return (
        workbook_module(WORKBOOK_MODULE, _own(WORKBOOK_MODULE)),
        *(sheet_module(name) for name in sheet_code_names),
        *(standard_module(name, _own(name)) for name in OWN_MODULES),
        standard_module("xlwings", xlwings_module()),
        class_module("Dictionary", _xlwings_file("addin/Dictionary.cls")),
    )


def _own(name: str) -> str:
    text = packaged(f"workbook/vba/{name}.bas").read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    if first != f'Attribute VB_Name = "{name}"':
        raise ValueError(f"workbook/vba/{name}.bas does not begin with its name")
    return rest


def xlwings_module() -> str:
    """xlwings.bas under our project's name. Raises ValueError if this version of xlwings has no such line."""
    text = _xlwings_file("xlwings.bas")
    theirs = PROJECT_NAME_LINE.format("xlwings")
    if text.count(theirs) != 1:
        raise ValueError("xlwings.bas does not name its project as expected; is it the version that Tieout asks for?")
    return text.replace(theirs, PROJECT_NAME_LINE.format(XLWINGS_PROJECT))


def _xlwings_file(name: str) -> str:
    """A text file of the installed xlwings, found without importing it, which would load pandas."""
    found = importlib.util.find_spec("xlwings")
    if found is None or found.origin is None:
        raise FileNotFoundError("xlwings is not installed; install tieout again")
    return (Path(found.origin).parent / name).read_text(encoding="utf-8")
