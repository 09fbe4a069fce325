"""The Python bridge to LibreOffice (UNO), found and loaded only when this engine is used.

The bridge is a system package (Debian: python3-uno), which a virtual environment doesn't see; its folder is looked
at for the time of the import only, so that no other system package gets into the environment.
"""

import builtins
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tieout.sheets.engines.errors import LibreOfficeMissing

_MODULE_FOLDERS = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib64/python3/site-packages",
    f"/usr/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages",
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice/program",
)
_PROGRAMS = ("soffice", "libreoffice")
_PROGRAM_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)


@cache
def uno() -> Any:
    """The `uno` module.  Raises LibreOfficeMissing where it is not on this machine.

    Importing it replaces Python's own import function; that is undone, since nothing here imports UNO types.
    """
    folders = [folder for folder in _MODULE_FOLDERS if (Path(folder) / "uno.py").is_file()]
    python_import = builtins.__import__
    sys.path.extend(folders)
    try:
        import uno as module
    except ImportError as error:
        raise LibreOfficeMissing(
            "LibreOffice's Python bridge is not on this machine, or not for this version of Python "
            f"({error}). Debian and Ubuntu: apt install python3-uno libreoffice-calc."
        ) from error
    finally:
        builtins.__import__ = python_import
        for folder in folders:
            sys.path.remove(folder)
    return module


def program() -> str:
    """The soffice program.  Raises LibreOfficeMissing where it is not on this machine."""
    found = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    found = found or next((place for place in _PROGRAM_PLACES if Path(place).is_file()), None)
    if found is None:
        raise LibreOfficeMissing(
            "LibreOffice is not on this machine. Debian and Ubuntu: apt install libreoffice-calc."
        )
    return found


def struct(name: str, **fields: Any) -> Any:
    """A UNO structure of `com.sun.star`."""
    made = uno().createUnoStruct(f"com.sun.star.{name}")
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def properties(**values: Any) -> tuple[Any, ...]:
    """Named values as UNO takes them."""
    return tuple(struct("beans.PropertyValue", Name=name, Value=value) for name, value in values.items())


def enum(name: str, value: str) -> Any:
    """A value of a UNO enumeration of `com.sun.star`."""
    return uno().Enum(f"com.sun.star.{name}", value)


def url(path: Path) -> str:
    """A path as UNO takes it."""
    address: str = uno().systemPathToFileUrl(str(path))
    return address
