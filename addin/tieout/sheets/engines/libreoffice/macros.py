"""Macros of a workbook, run by LibreOffice's Basic, which understands most of VBA.

Basic says nothing to a caller when a macro fails or its project doesn't compile: the call returns, with nothing.
So a macro is called by a function of ours, put beside it for the time of the call, which tells how it went.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tieout.sheets.engines.libreoffice.bridge import uno

_CALLER = "TieoutMacroCaller"
_CALL = """Function CalledByTieout({parameters})
On Error GoTo Failed
Dim Result
{call}
CalledByTieout = Array(0, Result)
Exit Function
Failed:
CalledByTieout = Array(Err, Error$)
End Function
"""


@dataclass(frozen=True, slots=True)
class _Macro:
    library: str
    module: str
    name: str
    is_function: bool


def run_macro(document: Any, macro: str, arguments: Sequence[Any]) -> Any:
    """Run `Module.Sub` or a `Sub` or `Function` that one module has; returns what a function returns.

    Raises KeyError where there is none of that name, RuntimeError with Basic's words where it fails or where the
    project doesn't compile in LibreOffice.
    """
    found = _found(document, macro)
    failed = uno().getClass("com.sun.star.uno.Exception")
    modules = document.BasicLibraries.getByName(found.library)
    if modules.hasByName(_CALLER):
        modules.removeByName(_CALLER)
    modules.insertByName(_CALLER, _caller(found, len(arguments)))
    address = f"vnd.sun.star.script:{found.library}.{_CALLER}.CalledByTieout?language=Basic&location=document"
    try:
        outcome, _, _ = document.getScriptProvider().getScript(address).invoke(tuple(arguments), (), ())
    except failed as error:
        raise RuntimeError(f"The macro {macro} failed in LibreOffice: {error}") from error
    finally:
        modules.removeByName(_CALLER)
    if outcome is None:
        raise RuntimeError(f"The macro {macro} did not run: LibreOffice can't compile the project {found.library}")
    number, result = outcome
    if number:
        raise RuntimeError(f"The macro {macro} failed in LibreOffice: {result} (error {number})")
    return result


def _caller(macro: _Macro, count: int) -> str:
    parameters = ", ".join(f"p{number}" for number in range(count))
    target = f"{macro.module}.{macro.name}"
    call = f"Result = {target}({parameters})" if macro.is_function else f"{target} {parameters}".rstrip()
    return _CALL.format(parameters=parameters, call=call)


def _found(document: Any, macro: str) -> _Macro:
    wanted_module, _, name = macro.rpartition(".")
    declared = re.compile(
        rf"^[ \t]*(?:public[ \t]+)?(?:static[ \t]+)?(sub|function)[ \t]+({re.escape(name)})\b", re.I | re.M
    )
    libraries = document.BasicLibraries
    for library in libraries.ElementNames:
        libraries.loadLibrary(library)
        modules = libraries.getByName(library)
        for module in modules.ElementNames:
            if wanted_module and module.lower() != wanted_module.lower():
                continue
            match = declared.search(modules.getByName(module))
            if match:
                return _Macro(library, module, match[2], match[1].lower() == "function")
    raise KeyError(f"the workbook has no macro {macro}")
