"""The rows of Settlement Lines as XML, made one after the other from the lines of the files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from xlsxwriter.utility import xl_col_to_name

from tieout.domain.settlement import SettlementLine
from tieout.limits import SHEET_LINKS_MAX
from tieout.sheets.exports import journal
from tieout.sheets.exports.bulk import Strings
from tieout.sheets.exports.cells import Link, fits_number
from tieout.sheets.exports.settlement_lines import OURS, LinesSheet
from tieout.sheets.exports.survey import Survey, Surveyed
from tieout.sheets.exports.trace import Strand

_LINK_COLUMN = xl_col_to_name([column.head for column in OURS].index("Journal line"))
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's dates


class LineRows:
    """The XML of the sheet's rows, one after the other, and of their links to the sheet Journal.

    `journal_rows` gives the 1-based row of a journal line on that sheet, by key.
    """

    def __init__(
        self,
        survey: Survey,
        sheet: LinesSheet,
        styles: Sequence[Sequence[int]],
        strings: Strings,
        journal_rows: Mapping[str, int],
    ) -> None:
        self._survey = survey
        self._sheet = sheet
        self._styles = dict(zip(sheet.currencies, styles, strict=True))
        self._strings = strings
        self._journal_rows = journal_rows
        self._linked = survey.lines <= SHEET_LINKS_MAX
        self.links: list[str] = []

    def __iter__(self) -> Iterator[str]:
        number = self._sheet.first_row
        for surveyed in self._survey.settlements:
            cells = _RowCells(surveyed, self._styles, self._sheet, self._strings)
            begun: dict[int, tuple[str, ...]] = {}
            for line in surveyed.proof.settlement.lines.lines():
                strand = surveyed.finder.of(line)
                if id(strand) not in begun:
                    begun[id(strand)] = cells.of_strand(strand)
                yield cells.row(number, line, begun[id(strand)])
                if self._linked and strand.landing is not None:
                    self._link(number, strand.landing.key)
                number += 1

    def _link(self, number: int, key: str) -> None:
        target = Link(key, journal.NAME, f"A{self._journal_rows[key]}").location
        self.links.append(f'<hyperlink ref="{_LINK_COLUMN}{number}" location="{target}"/>')


class _RowCells:
    """The cells of one settlement's rows."""

    def __init__(
        self, surveyed: Surveyed, styles: Mapping[str, Sequence[int]], sheet: LinesSheet, strings: Strings
    ) -> None:
        currency = surveyed.proof.settlement.currency
        self._strings = strings
        heads = [(xl_col_to_name(index), style) for index, style in enumerate(styles[currency])]
        # What stands before and after a cell's row number: <c r="A 12 " s="3" ...
        self._open = [f'<c r="{letters}' for letters, _ in heads]
        self._style = [f'" s="{style}"' for _, style in heads]
        # (column of the sheet, position in the file), rising by column, as the cells of a row must be.
        self._own = [
            (len(OURS) + index, surveyed.names.index(name))
            for index, name in enumerate(sheet.own_columns)
            if name in surveyed.names
        ]

    def of_strand(self, strand: Strand) -> tuple[str, ...]:
        """What follows the row number in the cells that are the same in all lines of a strand."""
        texts = {
            0: strand.proof.settlement.settlement_id,
            3: strand.kind.transaction_type,
            4: strand.kind.amount_type,
            5: strand.kind.amount_description,
            9: strand.proof.settlement.currency,
            10: strand.group,
            11: strand.account,
            12: strand.landing.key if strand.landing else "",
            13: strand.mapping_key,
        }
        return tuple(self._text(column, texts[column]) if column in texts else "" for column in range(len(OURS)))

    def row(self, number: int, line: SettlementLine, constant: tuple[str, ...]) -> str:
        """One row."""
        amount = line.amount
        varying = {
            1: self._number(1, str(line.row)),
            2: self._number(2, str((line.posted - _EPOCH).days)),
            6: self._text(6, line.order_id),
            7: self._text(7, line.sku),
            8: self._number(8, amount.decimal) if fits_number(amount) else self._text(8, amount.decimal),
        }
        opened = self._open
        pieces = [f'<row r="{number}">']
        for column, rest in enumerate(constant):
            pieces.append(f"{opened[column]}{number}{rest or varying[column]}")
        fields = line.fields
        for column, position in self._own:
            text = fields[position][1]
            if text:
                pieces.append(f"{opened[column]}{number}{self._text(column, text)}")
        pieces.append("</row>")
        return "".join(pieces)

    def _text(self, column: int, text: str) -> str:
        if not text:
            return self._style[column] + "/>"
        return self._style[column] + self._strings.cell(text)

    def _number(self, column: int, digits: str) -> str:
        return f"{self._style[column]}><v>{digits}</v></c>"
