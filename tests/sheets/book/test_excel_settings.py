"""How Excel finds Python: xlwings' settings under our own name, the script on macOS, the trusted folder."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tieout.commands.new_book import set_up_excel
from tieout.sheets.build.vba_sources import xlwings_module
from tieout.sheets.excel_settings import (
    SETTINGS_VARIABLE,
    install_applescript,
    interpreter_in,
    read_settings_file,
    settings_file,
    trust_folder,
    write_interpreter,
)


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTINGS_VARIABLE, raising=False)


def test_the_file_is_where_the_vba_module_looks_for_it(tmp_path: Path) -> None:
    windows, mac = settings_file("win32", tmp_path), settings_file("darwin", tmp_path)
    assert windows == tmp_path / ".tieout" / "tieout.conf"
    assert mac == tmp_path / "Library/Containers/com.microsoft.Excel/Data/tieout.conf"
    assert settings_file("linux", tmp_path) is None
    module = xlwings_module()
    assert 'PROJECT_NAME As String = "tieout"' in module
    assert r'Environ("USERPROFILE") & "\." & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"' in module
    assert re.search(r'GetConfig\("INTERPRETER_WIN"', module)
    assert re.search(r'GetConfig\("INTERPRETER_MAC"', module)


def test_the_interpreter_is_named_and_other_settings_stay(tmp_path: Path) -> None:
    file = tmp_path / "tieout.conf"
    file.write_text('"SHOW CONSOLE","True"\r\n"INTERPRETER_WIN","C:\\old\\python.exe"\r\n', encoding="utf-8")
    write_interpreter(file, r"C:\Program Files\Py, 3\python.exe", "win32")
    assert read_settings_file(file) == {
        "SHOW CONSOLE": "True",
        "INTERPRETER_WIN": r"C:\Program Files\Py, 3\python.exe",
    }
    assert interpreter_in(file, "win32") == r"C:\Program Files\Py, 3\python.exe"
    assert interpreter_in(file, "darwin") == ""
    # Visual Basic's Input # reads quoted fields with a comma between, as a CSV reader does.
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert all(len(row) == 2 for row in rows)


def test_the_script_goes_where_excel_for_mac_may_run_it(tmp_path: Path) -> None:
    script = install_applescript(tmp_path)
    assert script is not None
    assert script.parent == tmp_path / "Library/Application Scripts/com.microsoft.Excel"
    called = re.search(r'AppleScriptTask\("xlwings-" & XLWINGS_VERSION & "(\.applescript)"', xlwings_module())
    assert called is not None
    version = re.search(r'XLWINGS_VERSION As String = "([^"]+)"', xlwings_module())
    assert version is not None
    assert script.name == f"xlwings-{version[1]}.applescript"


class Registry:
    """What winreg does, in a dictionary."""

    HKEY_CURRENT_USER, KEY_WRITE, REG_SZ, REG_DWORD = "HKCU", 1, "text", "number"

    def __init__(self) -> None:
        self.values: dict[str, dict[str, object]] = {}

    def CreateKeyEx(self, root: str, key: str, _: int, __: int) -> "Key":  # noqa: N802 - winreg's own name
        return Key(self.values.setdefault(f"{root}\\{key}", {}))

    def SetValueEx(self, key: "Key", name: str, _: int, kind: str, value: object) -> None:  # noqa: N802
        key.values[name] = (kind, value)


class Key:
    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    def __enter__(self) -> "Key":
        return self

    def __exit__(self, *_: object) -> None:
        return None


def test_a_folder_is_trusted_for_this_user_alone() -> None:
    registry = Registry()
    trust_folder(Path("Books"), registry)
    [(key, values)] = registry.values.items()
    assert key.startswith("HKCU\\Software\\Microsoft\\Office\\16.0\\Excel\\Security\\Trusted Locations\\")
    assert values["Path"] == ("text", "Books\\")
    assert values["AllowSubFolders"] == ("number", 0)


def test_setting_up_names_this_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTINGS_VARIABLE, str(tmp_path / "conf"))
    setup = set_up_excel("linux", "/opt/py/bin/python", trust=tmp_path)
    assert setup.settings == tmp_path / "conf"
    assert interpreter_in(tmp_path / "conf", "linux") == "/opt/py/bin/python"
    assert [finding.code for finding in setup.findings] == ["trust-on-windows-only"]


def test_a_file_that_cant_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setenv(SETTINGS_VARIABLE, str(tmp_path / "taken" / "tieout.conf"))
    setup: Any = set_up_excel("linux", "python")
    assert [finding.code for finding in setup.findings] == ["excel-settings-unwritable"]
