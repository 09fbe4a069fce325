"""Where a record comes from: a row of a document, or a cell of a sheet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """A document (by name and content hash) and, where it has rows, the row in it.

    `row` counts the file's lines from 1, the header being line 1, so that it is what a text editor shows.
    """

    file: str
    sha256: str = ""
    row: int | None = None

    def __str__(self) -> str:
        return self.file if self.row is None else f"{self.file}, row {self.row}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a sheet in the workbook: `Cell("Fee Mappings", "E14")`."""

    sheet: str
    address: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"
