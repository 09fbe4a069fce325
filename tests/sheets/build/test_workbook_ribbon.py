"""The ribbon: every button is bound, explained, and grey where it can't work."""

from pathlib import Path
from xml.etree import ElementTree as ET

from tests.sheets.build.workbook_doctor import RIBBON_NAMESPACE
from tieout.sheets.build.ribbon import button_id, ribbon_xml
from tieout.sheets.layout import load_layout

BUTTON = f"{{{RIBBON_NAMESPACE}}}button"
# Buttons that must work without any connection: there is value in the product before credentials.
UNCONNECTED = {"import-settlements", "preview-settlements", "practice-company", "check-up", "guide", "connect-amazon"}


def buttons() -> dict[str, ET.Element]:
    root = ET.fromstring(ribbon_xml(load_layout().ribbon))
    return {(element.get("tag") or "").split("|")[0]: element for element in root.iter(BUTTON)}


def test_every_button_of_the_layout_is_on_the_ribbon_in_its_order() -> None:
    assert list(buttons()) == [button.press for button in load_layout().buttons]


def test_the_tag_says_the_press_the_connections_and_the_sheets() -> None:
    elements = buttons()
    assert elements["post-orders"].get("tag") == "post-orders|quickbooks|Home,Orders,Errors,Archive"
    assert elements["guide"].get("tag") == "guide||"
    for button in load_layout().buttons:
        assert "|" not in button.press + ",".join(button.sheets)
        assert set(button.needs) <= {"amazon", "quickbooks"}


def test_buttons_explain_themselves() -> None:
    for press, element in buttons().items():
        for attribute in ("label", "imageMso", "screentip", "supertip", "keytip"):
            assert element.get(attribute), (press, attribute)
        assert len(element.get("supertip") or "") <= 1024
        assert 1 <= len(element.get("keytip") or "") <= 3


def test_there_is_something_to_press_before_anything_is_connected() -> None:
    assert {button.press for button in load_layout().buttons if not button.needs} >= UNCONNECTED


def test_groups_are_those_of_the_tab() -> None:
    ribbon = load_layout().ribbon
    assert ribbon.label == "Tieout"
    assert [group.label for group in ribbon.groups] == [
        "Company",
        "Orders",
        "Settlements",
        "Products",
        "Prove",
        "Help",
    ]
    assert [button.label for button in ribbon.groups[2].buttons] == [
        "Download",
        "Import files",
        "Preview",
        "Post",
        "Undo",
    ]


def test_ids_are_made_of_press_names() -> None:
    assert button_id("check-prices-quantities") == "tieoutCheckPricesQuantities"


def test_the_checklist_of_home_is_pressed_on_sheets_where_it_works(root: Path) -> None:
    layout = load_layout()
    for step in layout.home.steps:
        if step.press:
            button = layout.button(step.press)
            assert not button.sheets or {"Home", step.sheet} & set(button.sheets), step.task
    assert (root / "workbook" / "buttons.toml").is_file()
