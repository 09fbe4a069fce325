"""Settings and statuses out of the layout's text."""

from collections.abc import Mapping
from typing import Any

from tieout.sheets.layout.settings import Option, SettingLayout, StatusLayout
from tieout.sheets.layout.tables import ColumnType
from tieout.sheets.layout.text import Entry, held_to

STATUS_WIDTH = 18
SETTING_KEYS = "default options list open_list input filled role name minimum longest"


def read_setting(entry: Mapping[str, Any], formats: Mapping[str, str]) -> SettingLayout:
    """A row of Settings. Raises ValueError for a default that its own options do not allow."""
    where = f"workbook/sheets/settings.toml, {entry.get('key')}"
    held_to(entry, where, "key section title type help", SETTING_KEYS)
    default = entry.get("default", "")
    kind = ColumnType(entry["type"])
    setting = SettingLayout(
        key=entry["key"],
        section=entry["section"],
        title=entry["title"],
        type=kind,
        help=entry["help"],
        number_format=formats[kind],
        defaults=default if isinstance(default, dict) else {"other": default},
        options=tuple(Option(value, label) for value, label in entry.get("options", ())),
        list_key=entry.get("list", ""),
        open_list=entry.get("open_list", False),
        is_input=entry.get("input", True),
        is_filled=entry.get("filled", False),
        role=entry.get("role", ""),
        cell_name=entry.get("name", ""),
        minimum=entry.get("minimum"),
        longest=entry.get("longest"),
    )
    allowed = {option.value for option in setting.options}
    if allowed and not set(setting.defaults.values()) <= allowed:
        raise ValueError(f"{where}: the default is not one of its options")
    return setting


def read_status(entry: Mapping[str, Any]) -> StatusLayout:
    """A status of Status Filters."""
    where = f"workbook/sheets/status-filters.toml, {entry.get('key')}"
    held_to(entry, where, "key title definition orders_api report posts default")
    return StatusLayout(
        key=entry["key"],
        title=entry["title"],
        definition=entry["definition"],
        orders_api=tuple(entry["orders_api"]),
        report=tuple(entry["report"]),
        posts=entry["posts"],
        default=entry["default"],
    )


def status_columns(entries: list[Entry]) -> list[Entry]:
    """The columns that the statuses have in the table StatusFilters, as text for `read_sheet`."""
    return [
        {
            "key": entry["key"],
            "title": entry["title"],
            "type": "choice",
            "width": STATUS_WIDTH,
            "help": entry["definition"],
            "input": True,
            "list": "download_choices" if entry["posts"] else "download_only_choices",
        }
        for entry in entries
    ]
