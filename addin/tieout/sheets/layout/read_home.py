"""Home and the ribbon out of the layout's text."""

from collections.abc import Mapping
from typing import Any

from tieout.sheets.layout.home import CellLayout, FigureLayout, HomeLayout, StepLayout
from tieout.sheets.layout.ribbon import ButtonGroup, ButtonLayout, RibbonLayout
from tieout.sheets.layout.tables import ColumnType
from tieout.sheets.layout.text import held_to

KEYTIP_LONGEST = 3  # ST_Keytip of the customUI schema


def read_home(text: Mapping[str, Any], formats: Mapping[str, str]) -> HomeLayout:
    """Home's cells, steps, figures and chart."""
    return HomeLayout(
        cells=tuple(_cell(entry, formats) for entry in text["fields"]),
        steps=tuple(_step(entry) for entry in text["steps"]),
        figures=tuple(_figure(entry) for entry in text["figures"]),
        chart_title=text["chart"]["title"],
        chart_formula=text["chart"]["formula"],
    )


def _cell(entry: Mapping[str, Any], formats: Mapping[str, str]) -> CellLayout:
    where = f"workbook/sheets/home.toml, {entry.get('name')}"
    held_to(entry, where, "name title type place help", "number_format input list default")
    kind = ColumnType(entry["type"])
    return CellLayout(
        name=entry["name"],
        title=entry["title"],
        type=kind,
        place=entry["place"],
        help=entry["help"],
        number_format=entry.get("number_format", formats[kind]),
        is_input=entry.get("input", False),
        list_key=entry.get("list", ""),
        default=entry.get("default", ""),
    )


def _step(entry: Mapping[str, Any]) -> StepLayout:
    where = f"workbook/sheets/home.toml, {entry.get('task')}"
    held_to(entry, where, "task sheet state empty_state detail empty_detail", "press")
    return StepLayout(
        task=entry["task"],
        press=entry.get("press", ""),
        sheet=entry["sheet"],
        state=entry["state"],
        empty_state=entry["empty_state"],
        detail=entry["detail"],
        empty_detail=entry["empty_detail"],
    )


def _figure(entry: Mapping[str, Any]) -> FigureLayout:
    held_to(entry, f"workbook/sheets/home.toml, {entry.get('title')}", "title type formula empty", "name alert")
    return FigureLayout(
        title=entry["title"],
        type=ColumnType(entry["type"]),
        formula=entry["formula"],
        empty=entry["empty"],
        name=entry.get("name", ""),
        alert=entry.get("alert", ""),
    )


def read_ribbon(text: Mapping[str, Any]) -> RibbonLayout:
    """The ribbon's tab. Raises ValueError for a keytip that is too long or given twice."""
    tab = held_to(text["tab"], "workbook/buttons.toml, tab", "id label keytip")
    groups = tuple(
        ButtonGroup(group["id"], group["label"], tuple(_button(entry, group["label"]) for entry in group["buttons"]))
        for group in text["groups"]
    )
    keytips = [button.keytip for group in groups for button in group.buttons]
    for keytip in keytips:
        if len(keytip) > KEYTIP_LONGEST or keytips.count(keytip) > 1:
            raise ValueError(f"workbook/buttons.toml: the keytip {keytip} is too long or given twice")
    return RibbonLayout(id=tab["id"], label=tab["label"], keytip=tab["keytip"], groups=groups)


def _button(entry: Mapping[str, Any], group: str) -> ButtonLayout:
    where = f"workbook/buttons.toml, {entry.get('press')}"
    held_to(entry, where, "press label icon keytip screentip supertip", "large needs sheets later")
    return ButtonLayout(
        press=entry["press"],
        label=entry["label"],
        group=group,
        icon=entry["icon"],
        large=entry.get("large", False),
        keytip=entry["keytip"],
        screentip=entry["screentip"],
        supertip=entry["supertip"],
        needs=tuple(entry.get("needs", ())),
        sheets=tuple(entry.get("sheets", ())),
        later=entry.get("later", ""),
    )
