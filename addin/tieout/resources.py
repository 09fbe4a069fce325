"""Where the files that ship with the package are: `mappings/` and `workbook/`.

In a wheel they stand inside the package; in a checkout they stand at its root, so that an accountant can
read and change them without knowing Python.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def packaged(name: str) -> Path:
    """The folder or file `name` ("mappings/amazon-fees.csv"); FileNotFoundError if the installation lacks it."""
    for root in (_PACKAGE, _PACKAGE.parent.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is missing from this installation of tieout; install the package again")
