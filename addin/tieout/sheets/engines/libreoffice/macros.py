"""Macros of a workbook, run by LibreOffice's Basic, which understands most of VBA."""

import re
from collections.abc import Sequence
from typing import Any

from tieout.sheets.engines.libreoffice.bridge import uno


def run_macro(document: Any, macro: str, arguments: Sequence[Any]) -> Any:
    """Run `Module.Sub` or a `Sub` or `Function` that one module has; returns what a function returns.

    Raises KeyError where there is none of that name, RuntimeError with LibreOffice's words where it fails.
    """
    library, module, name = _found(document, macro)
    address = f"vnd.sun.star.script:{library}.{module}.{name}?language=Basic&location=document"
    failed = uno().getClass("com.sun.star.uno.Exception")
    try:
        result, _, _ = document.getScriptProvider().getScript(address).invoke(tuple(arguments), (), ())
    except failed as error:
        raise RuntimeError(f"The macro {macro} failed in LibreOffice: {error}") from error
    return result


def _found(document: Any, macro: str) -> tuple[str, str, str]:
    wanted_module, _, name = macro.rpartition(".")
    declared = re.compile(rf"^\s*(?:public\s+)?(?:sub|function)\s+({re.escape(name)})\b", re.I | re.M)
    libraries = document.BasicLibraries
    for library in libraries.ElementNames:
        libraries.loadLibrary(library)
        modules = libraries.getByName(library)
        for module in modules.ElementNames:
            if wanted_module and module.lower() != wanted_module.lower():
                continue
            match = declared.search(modules.getByName(module))
            if match:
                return library, module, match[1]
    raise KeyError(f"the workbook has no macro {macro}")
