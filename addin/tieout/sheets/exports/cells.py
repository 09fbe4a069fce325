"""What may stand in a cell of a proof workbook, and how it gets there exactly.

- Text is written as a string, always: what begins with = + - @ in Amazon's data never becomes a formula.
- An amount is written as its exact decimal text ("-12.50"), made from integer minor units. XlsxWriter prints a
  number with the format ".16G"; for a `Decimal` that is decimal arithmetic on up to 16 digits, so no float stands
  in between. A spreadsheet reads the text as an IEEE double, which holds 15 significant digits: up to
  9,999,999,999,999.99 the cell's own number format shows the same digits again. An amount with more digits is
  written as text, so that it is never rounded.
- A formula is written with the value that it has, because a closed file does not calculate.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import PurePath

from tieout.domain.money import Money
from tieout.limits import CELL_CHARACTERS_MAX, CELL_DIGITS_MAX

_CUT = " (cut; the file holds the rest)"
# Signs that XML 1.0 can't hold and XlsxWriter does not escape: halves of surrogate pairs.
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a cell of this workbook: `Link("12", "Journal", "A7")`."""

    text: str
    sheet: str
    address: str

    @property
    def location(self) -> str:
        """Where it leads, as a workbook writes it."""
        return f"'{self.sheet}'!{self.address}"


# None is an empty cell.
Value = str | int | Money | date | Link | None


def fitted(text: str) -> str:
    """`text` as a cell can hold it: not longer than Excel allows, no half of a surrogate pair."""
    if len(text) > CELL_CHARACTERS_MAX:
        text = text[: CELL_CHARACTERS_MAX - len(_CUT)] + _CUT
    return _SURROGATES.sub("\ufffd", text)


def cell_text(text: str) -> str:
    """`text` fitted for XlsxWriter, which writes a string that begins with "<r>" and ends with "</r>" into the file
    as it is (its own rich strings look so): a space after it makes it the text that it is.
    """
    text = fitted(text)
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def one_line(text: str, characters_max: int = 200) -> str:
    """`text` without line ends and signs that are not printed, for heads, titles and the page's foot."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return cell_text(" ".join(plain.split())[:characters_max])


def file_name(name: str) -> str:
    """The file's name without its folder; a member of an archive with the archive's name before it."""
    return " > ".join(PurePath(part.replace("\\", "/")).name for part in name.split(" > "))


def fits_number(amount: Money) -> bool:
    """Whether a cell can hold the amount as a number, to the last digit."""
    return len(str(abs(amount.minor))) <= CELL_DIGITS_MAX


def number(amount: Money) -> Decimal:
    """The amount as XlsxWriter takes it; no float on the way."""
    return Decimal(amount.decimal)
