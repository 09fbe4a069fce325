"""Repair: what a workbook lacks is put back, the ribbon included, and nothing of the user's is touched."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tieout.commands.presses.run_findings import not_ours
from tieout.domain.finding import Finding
from tieout.durable_file import write_durably
from tieout.sheets.build.package import RIBBON_PART, has_ribbon, with_ribbon
from tieout.sheets.build.ribbon import ribbon_xml
from tieout.sheets.layout import load_layout
from tieout.sheets.migrate_book import add_what_is_missing, back_up, layout_of, newer_layout
from tieout.sheets.opening import FILE_TROUBLE, close_unsaved, file_trouble, open_closed
from tieout.sheets.port import plain_text


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was put back, and the copy of the workbook as it was (None where nothing was changed)."""

    added: tuple[str, ...]
    copy: Path | None = None


def repair_book(path: Path, countries: Mapping[str, str]) -> Repaired | Finding:
    """Put back tables, columns, settings, lists and the ribbon; `countries` are those of companies by slug."""
    book = open_closed(path)
    if isinstance(book, Finding):
        return book
    try:
        layout = layout_of(book)
        if layout is None:
            return not_ours(book.name)
        if layout > load_layout().version:
            return newer_layout(layout)
        company_id = plain_text(book.cell("CompanyId"))
        country = next((of for slug, of in countries.items() if company_id.startswith(slug)), "US")
        lacks_ribbon = not has_ribbon(path.read_bytes())
        added = list(add_what_is_missing(book, country))
        if not added and not lacks_ribbon and layout == load_layout().version:
            return Repaired(())
        copy = back_up(path, layout)
        if added or layout != load_layout().version:
            with book.unlocked("Settings"):
                book.set_cells({"LayoutVersion": str(load_layout().version)})
            book.save()
    except FILE_TROUBLE as trouble:
        return file_trouble(path, trouble)
    finally:
        close_unsaved(path)
    if lacks_ribbon:
        write_durably(path, with_ribbon(path.read_bytes(), ribbon_xml(load_layout().ribbon)))
        added.append(f"ribbon ({RIBBON_PART})")
    return Repaired(tuple(added), copy)
