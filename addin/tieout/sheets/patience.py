"""Patience with a program that is busy: Excel refuses calls while a cell is being edited or a box is open.

Source: Microsoft, RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER and VBA_E_IGNORE (0x800AC472), which Excel
answers then; on macOS an AppleEvent that is not answered in time (errAETimeout, -1712).
"""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tieout.limits import EXCEL_BUSY_WAITS_MILLISECONDS
from tieout.sheets.port import BookBusy

_BUSY = frozenset({-2147418111, -2147417846, -2146777998, -1712})
P = ParamSpec("P")
T = TypeVar("T")


def patiently(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Call, and call again while the program is busy, a bounded number of times; then BookBusy."""
    for wait in EXCEL_BUSY_WAITS_MILLISECONDS:
        try:
            return call(*arguments, **options)
        except Exception as error:
            if not is_busy(error):
                raise
        time.sleep(wait / 1000)
    try:
        return call(*arguments, **options)
    except Exception as error:
        if is_busy(error):
            raise BookBusy("The workbook could not be reached: a cell is being edited, or a box is open.") from error
        raise


def is_busy(error: Exception) -> bool:
    """Whether an engine's exception says that the program is busy; no engine need be installed to tell."""
    number = getattr(error, "hresult", getattr(error, "errornumber", None))
    first = error.args[0] if error.args else None
    return number in _BUSY or (type(error).__name__ == "com_error" and first in _BUSY)
