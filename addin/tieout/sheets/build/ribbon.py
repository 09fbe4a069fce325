"""The ribbon's XML: the frame of `workbook/ribbon.xml`, filled from the buttons of the layout.

Source: [MS-CUSTOMUI] 2.2 (the customUI part of 2006). A button's tag says what VBA needs to know of it.
"""

import re
from xml.etree import ElementTree as ET

from tieout.resources import packaged
from tieout.sheets.layout import ButtonLayout, RibbonLayout

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
ON_PRESS = "TieoutButtonPressed"
ON_ENABLED = "TieoutButtonEnabled"


def ribbon_xml(ribbon: RibbonLayout) -> bytes:
    """The bytes of customUI/customUI.xml."""
    ET.register_namespace("", NAMESPACE)
    root = ET.parse(packaged("workbook/ribbon.xml")).getroot()  # noqa: S314 - our own file
    tabs = root.find(f".//{{{NAMESPACE}}}tabs")
    if tabs is None:
        raise ValueError("workbook/ribbon.xml has no <tabs>")
    tab = _element(tabs, "tab", id=ribbon.id, label=ribbon.label, keytip=ribbon.keytip)
    for group in ribbon.groups:
        element = _element(tab, "group", id=group.id, label=group.label)
        for button in group.buttons:
            _add_button(element, button)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _add_button(group: ET.Element, button: ButtonLayout) -> None:
    """A button; one that is not built yet is grey for good, and says what will come."""
    enabled = {"enabled": "false"} if button.later else {"getEnabled": ON_ENABLED}
    _element(
        group,
        "button",
        id=button_id(button.press),
        label=button.label,
        size="large" if button.large else "normal",
        imageMso=button.icon,
        screentip=button.screentip,
        supertip=" ".join((button.supertip, button.later)).strip(),
        keytip=button.keytip,
        tag="|".join((button.press, ",".join(button.needs), ",".join(button.sheets))),
        onAction=ON_PRESS,
        **enabled,
    )


def button_id(press: str) -> str:
    """The id of a button in the ribbon: "download-orders" is tieoutDownloadOrders."""
    return "tieout" + "".join(word.capitalize() for word in re.split("-", press))


def _element(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
