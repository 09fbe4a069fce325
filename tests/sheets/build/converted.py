"""Opens a built workbook in LibreOffice, without a window, to see what a spreadsheet makes of it."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONVERSION_SECONDS_MAX = 180
# LibreOffice shows a file's cached values unless told to calculate: 0 is "always", for files of Excel.
ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """LibreOffice's program; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@contextmanager
def converted(book: Path, form: str) -> Iterator[Path]:
    """The book, calculated, as a file of another form ("pdf", "xlsx"), for as long as the context lasts.

    The book itself is not touched: a copy is opened, in a profile of its own. Raises FileNotFoundError without
    LibreOffice, and RuntimeError with its words if it can't make the file.
    """
    soffice = program()
    if soffice is None:
        raise FileNotFoundError("LibreOffice is not installed on this computer")
    with tempfile.TemporaryDirectory(prefix="tieout-") as folder:
        room = Path(folder)
        settings = room / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(ALWAYS_CALCULATE, encoding="utf-8")
        copy = Path(shutil.copy(book, room / book.name))
        out = room / "out"
        command = [
            soffice,
            f"-env:UserInstallation={(room / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            form,
            "--outdir",
            str(out),
            str(copy),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=CONVERSION_SECONDS_MAX, check=False)
        made = list(out.glob(f"*.{form}")) if out.is_dir() else []
        if done.returncode or not made:
            raise RuntimeError(
                f"LibreOffice could not open {book.name}: {done.stderr.strip() or done.stdout.strip()}"
            )
        yield made[0]
