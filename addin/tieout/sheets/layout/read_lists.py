"""Drop-down lists out of the layout's text, and the hidden sheet that holds them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.domain.account import BALANCING_GROUPS, Group
from tieout.domain.marketplace import by_country
from tieout.sheets.layout.tables import ColumnLayout, ColumnType, ListLayout, SheetLayout, TableLayout
from tieout.sheets.layout.text import held_to

COLUMN_STEP = 2  # a free column between two lists, so that each can grow
LISTS_HEADER_ROW = 1


def read_lists(entries: Sequence[Mapping[str, Any]], marketplaces: Sequence[str]) -> tuple[ListLayout, ...]:
    """The lists, those that come from the code's own vocabulary filled from it."""
    return tuple(_list(entry, marketplaces) for entry in entries)


def _list(entry: Mapping[str, Any], marketplaces: Sequence[str]) -> ListLayout:
    where = f"workbook/lists.toml, {entry.get('key')}"
    held_to(entry, where, "key title", "values from filled_by refers_to tones")
    values = list(entry.get("values", ()))
    source = entry.get("from", "")
    if source:
        values += _vocabulary(where, source, marketplaces)
    tones = entry.get("tones", {})
    if strange := tones.keys() - set(values):
        raise ValueError(f"{where}: tones for {', '.join(strange)}, which the list does not hold")
    refers_to = entry.get("refers_to", "")
    return ListLayout(
        key=entry["key"],
        name=f"{entry['title']}List",
        table_name="" if refers_to else f"List{entry['title']}",
        column="" if refers_to else entry["title"],
        values=tuple(values),
        refers_to=refers_to,
        filled_by=entry.get("filled_by", ""),
        tones=tones,
    )


def _vocabulary(where: str, source: str, marketplaces: Sequence[str]) -> list[str]:
    if source == "marketplaces":
        return list(marketplaces)
    if source == "groups":
        return [str(group) for group in Group if group not in BALANCING_GROUPS]
    if source == "currencies":
        found = [by_country(code) for code in marketplaces]
        return list(dict.fromkeys(one.currency for one in found if one is not None))
    raise ValueError(f"{where}: from = {source!r} is not known")


def lists_sheet(lists: Sequence[ListLayout], text_format: str) -> SheetLayout:
    """The hidden sheet Lists: a table of one column for each list, side by side."""
    tables = [
        TableLayout(
            name=one.table_name,
            sheet="Lists",
            key=("value",),
            columns=(
                ColumnLayout(
                    key="value",
                    title=one.column,
                    type=ColumnType.TEXT,
                    width=24,
                    help=f"Filled by {one.filled_by}." if one.filled_by else "The values of a drop-down list.",
                    number_format=text_format,
                ),
            ),
            header_row=LISTS_HEADER_ROW,
            first_column=1 + COLUMN_STEP * number,
        )
        for number, one in enumerate(one for one in lists if one.table_name)
    ]
    return SheetLayout(
        name="Lists",
        code_name="ShLists",
        purpose="The values of the drop-down lists.",
        tab="muted",
        tables=tuple(tables),
        is_hidden=True,
    )
