"""Asking for files in Excel: its own dialog on Windows, the system's on macOS. Elsewhere files are named instead."""

import subprocess
import sys
from pathlib import Path
from typing import Any

TITLE = "Choose settlement files"
_FILTER = "Settlement files (*.txt;*.csv;*.tsv;*.gz;*.zip),*.txt;*.csv;*.tsv;*.gz;*.zip,All files (*.*),*.*"
_SCRIPT = f"""set chosen to choose file with prompt "{TITLE}" with multiple selections allowed
set text item delimiters to linefeed
set paths to {{}}
repeat with one in chosen
set end of paths to POSIX path of one
end repeat
return paths as text"""


def chosen_files(book: Any, system: str = sys.platform) -> tuple[Path, ...]:
    """The files that the user chose, none where he chose none."""
    if system == "win32":
        found = book.app.api.GetOpenFilename(_FILTER, 1, TITLE, "", True)
        return tuple(Path(one) for one in found) if isinstance(found, list | tuple) else ()
    if system == "darwin":
        # No permission is needed: the script asks nothing of Excel.
        done = subprocess.run(  # noqa: S603 - our own script, none of it from outside
            ["/usr/bin/osascript", "-e", _SCRIPT], capture_output=True, text=True, check=False
        )
        return tuple(Path(line) for line in done.stdout.splitlines() if line.strip())
    return ()
