"""A picture of the proof workbook's Home, for the README. Only the project's own build draws it."""

import shutil
import tempfile
from pathlib import Path

from tests.sheets.build.sheet_pictures import pictures


def picture(workbook: Path, png: Path) -> None:
    """Draw the Home of a proof workbook into `png`.

    FileNotFoundError without LibreOffice and poppler, ValueError for a picture too large for the documentation.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = next(path for path in pictures(workbook, Path(folder)) if path.stem == "home")
        png.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(home, png)
