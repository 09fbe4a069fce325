"""Builds the workbook: sheets, names, VBA and ribbon, from the text in `workbook/`."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import xlsxwriter

import tieout
from tieout.domain.marketplace import by_country
from tieout.sheets.build.drawing import Drawing, Row
from tieout.sheets.build.home_sheet import draw_home
from tieout.sheets.build.other_sheets import CONF_CODE_NAME, draw_conf, draw_lists, draw_status_filters
from tieout.sheets.build.package import with_ribbon
from tieout.sheets.build.ribbon import ribbon_xml
from tieout.sheets.build.settings_sheet import draw_settings
from tieout.sheets.build.starting_rows import starting_rows
from tieout.sheets.build.table_sheets import draw_table_sheet
from tieout.sheets.build.theme import Formats, load_theme
from tieout.sheets.build.vba_project import vba_project
from tieout.sheets.build.vba_sources import WORKBOOK_MODULE, vba_modules
from tieout.sheets.layout import SheetLayout, WorkbookLayout, load_layout

CREATED = date(2026, 1, 1)  # of every book, unless told: the same input gives the same bytes
WINDOW_WIDTH, WINDOW_HEIGHT = 2400, 1400


def build_workbook(
    path: Path,
    *,
    company: str,
    country: str,
    company_id: str,
    python: str | None = None,
    created: date = CREATED,
    rows: Mapping[str, Sequence[Row]] | None = None,
) -> None:
    """Writes a ready macro-enabled workbook (.xlsm) to `path`. The same input gives the same bytes.

    `country` is a code ("US", "GB", "DE"): it decides the defaults of the settings, the proposed chart and the paper.
    `python` is an interpreter of this book's own; without it the user's settings name it. `rows` gives tables rows
    by name, in place of those that a new book has. Raises ValueError for a table or column that is not there.
    """
    marketplace = by_country(country)
    country = marketplace.country if marketplace else country.strip().upper()
    layout = load_layout()
    given = dict(rows or {})
    for table in given:
        layout.table(table)
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    theme = load_theme()
    drawing = Drawing(
        workbook=workbook,
        layout=layout,
        theme=theme,
        formats=Formats(workbook, theme),
        company=company,
        company_id=company_id,
        country=country,
        version=tieout.__version__,
        rows=starting_rows(layout, country) | given,
    )
    workbook.set_properties(
        {"title": f"Tieout: {company}", "created": datetime.combine(created, time(), UTC).replace(tzinfo=None)}
    )
    workbook.set_size(WINDOW_WIDTH, WINDOW_HEIGHT)
    workbook.set_vba_name(WORKBOOK_MODULE)
    for sheet in layout.sheets:
        _draw(drawing, sheet)
    draw_conf(drawing, python)
    workbook.add_vba_project(io.BytesIO(vba_project(vba_modules(code_names(layout)))), is_stream=True)
    workbook.close()
    path.write_bytes(with_ribbon(content.getvalue(), ribbon_xml(layout.ribbon)))


def code_names(layout: WorkbookLayout) -> tuple[str, ...]:
    """The sheets' names in VBA, in the order of their tabs."""
    return (*(sheet.code_name for sheet in layout.sheets), CONF_CODE_NAME)


def _draw(drawing: Drawing, sheet: SheetLayout) -> None:
    match sheet.name:
        case "Home":
            draw_home(drawing, sheet)
        case "Settings":
            draw_settings(drawing, sheet)
        case "Status Filters":
            draw_status_filters(drawing, sheet)
        case "Lists":
            draw_lists(drawing, sheet)
        case _:
            draw_table_sheet(drawing, sheet)
