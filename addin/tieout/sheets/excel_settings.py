"""What Excel needs to find Python: xlwings' settings of the user, under a project name of our own.

xlwings' VBA module reads `"NAME","value"` lines from `<user>/.tieout/tieout.conf` on Windows, and from Excel's
sandbox on macOS, where a script must stand in Excel's folder for scripts too (xlwings 0.37.8, xlwings.bas
GetConfigFilePath and `xlwings runpython install`). The project is called tieout, so that the settings of other
workbooks are never touched.
"""

import csv
import importlib.util
import io
import os
import shutil
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from tieout.durable_file import write_durably
from tieout.sheets.build.vba_sources import XLWINGS_PROJECT

# Another place for the settings file: for tests, and for those whose home folder is somewhere unusual.
SETTINGS_VARIABLE = "TIEOUT_EXCEL_SETTINGS"
_NAMES = {"win32": "INTERPRETER_WIN", "darwin": "INTERPRETER_MAC"}
_TRUSTED = r"Software\Microsoft\Office\16.0\Excel\Security\Trusted Locations"


def settings_file(system: str = sys.platform, home: Path | None = None) -> Path | None:
    """Where the settings are; None on a system for which there is no Excel."""
    chosen = os.environ.get(SETTINGS_VARIABLE, "").strip()
    if chosen:
        return Path(chosen)
    at_home = home or Path.home()
    if system == "win32":
        return at_home / f".{XLWINGS_PROJECT}" / f"{XLWINGS_PROJECT}.conf"
    if system == "darwin":
        return at_home / "Library/Containers/com.microsoft.Excel/Data" / f"{XLWINGS_PROJECT}.conf"
    return None


def read_settings_file(file: Path) -> dict[str, str]:
    """The settings by name, in capitals; empty where there is no file."""
    if not file.is_file():
        return {}
    rows = csv.reader(io.StringIO(file.read_text(encoding=_encoding(), errors="replace"), newline=""))
    return {row[0].upper(): row[1] for row in rows if len(row) > 1}


def interpreter_in(file: Path, system: str = sys.platform) -> str:
    """The Python that the settings name; empty where they name none."""
    return read_settings_file(file).get(_name(system), "")


def write_interpreter(file: Path, python: str = sys.executable, system: str = sys.platform) -> None:
    """Name this Python in the settings; the user's other settings stay. OSError where they can't be written.

    UnicodeEncodeError where Visual Basic could not read the path: it reads files in the system's own code page.
    """
    settings = read_settings_file(file) | {_name(system): python}
    text = "".join(f'"{name}","{value}"\r\n' for name, value in settings.items())
    write_durably(file, text.encode(_encoding()))


def install_applescript(home: Path | None = None) -> Path | None:
    """Put xlwings' script where Excel for Mac may run it from; None where this xlwings has none."""
    found = importlib.util.find_spec("xlwings")
    name = f"xlwings-{metadata.version('xlwings')}.applescript"
    script = Path(found.origin).parent / name if found is not None and found.origin else None
    if script is None or not script.is_file():
        return None
    folder = (home or Path.home()) / "Library/Application Scripts/com.microsoft.Excel"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(script, folder / name))


def trust_folder(folder: Path, registry: Any = None) -> str:
    """Make a folder one of Excel's trusted locations for this user (Windows); the name of its registry key.

    `registry` is Python's winreg. Source: Microsoft, "Trusted locations for Office files".
    """
    if registry is None:
        import winreg as registry  # type: ignore[no-redef,unused-ignore]
    key = f"{_TRUSTED}\\Tieout {folder.name}"
    with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, key, 0, registry.KEY_WRITE) as opened:
        values: Mapping[str, tuple[int, object]] = {
            "Path": (registry.REG_SZ, f"{folder}\\"),
            "Description": (registry.REG_SZ, "Workbooks of Tieout"),
            "AllowSubFolders": (registry.REG_DWORD, 0),
        }
        for name, (kind, value) in values.items():
            registry.SetValueEx(opened, name, 0, kind, value)
    return key


def _name(system: str) -> str:
    return _NAMES.get(system, "INTERPRETER_WIN")


def _encoding() -> str:
    """What Visual Basic reads files in: the ANSI code page on Windows, UTF-8 elsewhere."""
    return "mbcs" if sys.platform == "win32" else "utf-8"
