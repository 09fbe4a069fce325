"""xlwings without the libraries that it imports only because they are installed.

xlwings imports pandas, polars, numpy and matplotlib wherever it finds them, for converters that a press does not
use: a second of each start. A program of ours that presses one button and ends imports it without them; a user's
script, and Excel's own way to Python, are not touched. They can still be imported afterwards by whoever needs them.
"""

import importlib
import sys

_NOT_NEEDED = ("pandas", "polars", "matplotlib", "numpy")


def import_xlwings_alone() -> None:
    """Import xlwings, if it is not imported yet, as if those libraries were not installed."""
    if "xlwings" in sys.modules:
        return
    hidden = [name for name in _NOT_NEEDED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: "not to be found" (Python, "import")
    try:
        importlib.import_module("xlwings")
    finally:
        for name in hidden:
            del sys.modules[name]
