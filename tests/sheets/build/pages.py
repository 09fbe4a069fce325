"""Makes docs/ribbon.md and docs/workbook.md from the layout: `python -m tests.sheets.build.pages`."""

from collections.abc import Iterator
from pathlib import Path

from tieout.sheets.layout import ButtonLayout, SettingLayout, TableLayout, WorkbookLayout, load_layout

DOCS = Path(__file__).resolve().parents[3] / "docs"
CONNECTIONS = {"amazon": "Amazon connected", "quickbooks": "QuickBooks connected"}
COUNTRY = "US"


def pages() -> dict[Path, str]:
    """The text of each page by its file."""
    layout = load_layout()
    return {
        DOCS / "ribbon.md": "\n".join(_ribbon(layout)) + "\n",
        DOCS / "workbook.md": "\n".join(_workbook(layout)) + "\n",
    }


def _ribbon(layout: WorkbookLayout) -> Iterator[str]:
    yield "# The ribbon"
    yield ""
    yield "Every button of the tab *Tieout*, what it does, and its name on the command line. A button is grey while"
    yield "what it needs is not there. Made from `workbook/buttons.toml` by `python -m tests.sheets.build.pages`."
    for group in layout.ribbon.groups:
        yield ""
        yield f"## {group.label}"
        for button in group.buttons:
            yield from _button(layout, button)


def _button(layout: WorkbookLayout, button: ButtonLayout) -> Iterator[str]:
    yield ""
    yield f"### {button.full_label}"
    yield ""
    yield " ".join((f"{button.screentip}.", button.supertip, button.later)).strip()
    yield ""
    needs = ", ".join(CONNECTIONS[need] for need in button.needs) or "nothing"
    yield f"- Needs: {needs}"
    yield f"- Works on: {', '.join(button.sheets) or 'every sheet'}"
    yield f"- Keys: Alt, {layout.ribbon.keytip}, {', '.join(button.keytip)}"
    yield f"- Without Excel: `tieout press {button.press} --book BOOK.xlsm`"


def _workbook(layout: WorkbookLayout) -> Iterator[str]:
    yield "# The workbook, sheet by sheet"
    yield ""
    yield "Columns marked *yours* are never overwritten; all others are filled by Tieout or worked out by Excel."
    yield "Made from `workbook/` by `python -m tests.sheets.build.pages`."
    for sheet in layout.sheets:
        if sheet.is_hidden:
            continue
        yield ""
        yield f"## {sheet.name}"
        yield ""
        yield sheet.purpose
        for table in sheet.tables:
            yield from _table(table)
        if sheet.name == "Settings":
            yield from _settings(layout)
        if sheet.name == "Status Filters":
            yield from _statuses(layout)


def _table(table: TableLayout) -> Iterator[str]:
    yield ""
    yield f"Table `{table.name}`" + (f": {table.heading}" if table.heading else "")
    yield ""
    yield "| column | whose | what it holds |"
    yield "|---|---|---|"
    for column in table.columns:
        owner = "yours" if column.is_input else "worked out" if column.formula else "Tieout's"
        yield f"| {column.title} | {owner} | {column.help} |"


def _settings(layout: WorkbookLayout) -> Iterator[str]:
    yield ""
    yield f"The settings, with the defaults of a company in the country {COUNTRY}:"
    yield ""
    yield "| section | setting | default | allowed | what it does |"
    yield "|---|---|---|---|---|"
    for setting in layout.settings:
        default = f"the {setting.role} account of the chart" if setting.role else setting.default_label(COUNTRY)
        yield f"| {setting.section} | {setting.title} | {default} | {_allowed(layout, setting)} | {setting.help} |"


def _allowed(layout: WorkbookLayout, setting: SettingLayout) -> str:
    if not setting.is_input:
        return "not to be changed"
    if setting.options:
        return ", ".join(option.label for option in setting.options)
    if setting.list_key and not setting.open_list:
        return ", ".join(layout.drop_down(setting.list_key).values)
    if setting.list_key:
        return "a name in QuickBooks"
    return {"date": "a date", "percent": "a percentage", "quantity": "a whole number"}.get(setting.type, "any text")


def _statuses(layout: WorkbookLayout) -> Iterator[str]:
    yield ""
    yield "| status | at first | in Amazon's terms |"
    yield "|---|---|---|"
    for status in layout.statuses:
        yield f"| {status.title} | {status.default} | {status.definition} |"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
