"""What a validator of Office files does not see: ribbon, VBA and references that do not fit together.

`problems(path)` gives one sentence for each; a book that Excel opens without repair and whose buttons work has none.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.sheets.build.olevba import VBA_Parser

RIBBON_RELATIONSHIP = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
RIBBON_NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
# [MS-CUSTOMUI] 2.2: what the elements that we use may have.
RIBBON_ATTRIBUTES = {
    "customUI": {"onLoad"},
    "ribbon": {"startFromScratch"},
    "tabs": set(),
    "tab": {"id", "label", "keytip"},
    "group": {"id", "label"},
    "button": {
        *("id", "label", "size", "imageMso", "screentip", "supertip", "keytip", "tag"),
        *("onAction", "enabled", "getEnabled"),
    },
}
# The parameters of the callbacks, as VBA must declare them.
CALLBACKS = {
    "onLoad": r"ribbon As IRibbonUI",
    "onAction": r"control As IRibbonControl",
    "getEnabled": r"control As IRibbonControl, ByRef enabled",
}
STRUCTURED_WITHOUT_TABLE = re.compile(r"(?<![\w\]\[])\[{1,2}(?:#|@)")


def problems(path: Path) -> list[str]:
    """Everything that is wrong with the workbook at `path`."""
    with zipfile.ZipFile(path) as package:
        if package.testzip():
            return ["the zip is damaged"]
        parts = {name: package.read(name) for name in package.namelist()}
    modules, found = vba_sources(path)
    return [
        *found,
        *_names_of_parts(parts),
        *_ribbon(parts, modules),
        *_code_names(parts, modules),
        *_tables(parts),
        *_defined_names(parts),
        *_structured_references(parts),
    ]


def vba_sources(path: Path) -> tuple[dict[str, str], list[str]]:
    """The source of each VBA module as olevba reads it, and what it could not read."""
    parser = VBA_Parser(str(path))
    try:
        modules = {stream.rpartition("/")[2]: source for _, stream, _, source in parser.extract_macros()}
    except Exception as problem:  # whatever olevba raises: the project can't be read
        return {}, [f"the VBA project can't be read: {problem}"]
    finally:
        parser.close()
    return modules, [] if modules else ["the VBA project can't be read: no module"]


def _names_of_parts(parts: dict[str, bytes]) -> Iterator[str]:
    for name, count in Counter(name.casefold() for name in parts).items():
        if count > 1:
            yield f"the package has two parts {name}"


def _ribbon(parts: dict[str, bytes], modules: dict[str, str]) -> Iterator[str]:
    relationship = re.search(
        rb'Type="' + RIBBON_RELATIONSHIP.encode() + rb'" Target="/?([^"]+)"', parts["_rels/.rels"]
    )
    if relationship is None:
        yield "the ribbon has no relationship"
        return
    part = parts.get(relationship[1].decode())
    if part is None:
        yield "the ribbon's part is missing"
        return
    root = ET.fromstring(part)
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    yield from (f"two ribbon elements have the id {one}" for one, count in ids.items() if count > 1)
    keytips = Counter(e.get("keytip") for e in root.iter(f"{{{RIBBON_NAMESPACE}}}button"))
    yield from (f"two buttons have the keytip {one}" for one, count in keytips.items() if count > 1)
    public = _public_subs(modules)
    for element in root.iter():
        kind = element.tag.removeprefix(f"{{{RIBBON_NAMESPACE}}}")
        for attribute, value in element.attrib.items():
            if attribute not in RIBBON_ATTRIBUTES.get(kind, set()):
                yield f"<{kind}> has no attribute {attribute}"
            elif attribute in CALLBACKS and public.get(value.casefold()) != CALLBACKS[attribute]:
                yield f"{value} is no Public Sub ({CALLBACKS[attribute]})"


def _public_subs(modules: dict[str, str]) -> dict[str, str]:
    """The parameters of the Public Subs of standard modules, by folded name."""
    subs: dict[str, str] = {}
    for source in modules.values():
        if "Attribute VB_Base" not in source:
            found = re.findall(r"(?im)^Public Sub (\w+)\(([^)]*)\)", source)
            subs |= {name.casefold(): parameters for name, parameters in found}
    return subs


def _code_names(parts: dict[str, bytes], modules: dict[str, str]) -> Iterator[str]:
    named = re.findall(rb'<workbookPr[^>]*codeName="(\w+)"', parts["xl/workbook.xml"])
    for name, part in parts.items():
        if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
            found = re.search(rb'<sheetPr[^>]*codeName="(\w+)"', part)
            if found is None:
                yield f"{name} has no code name"
            else:
                named.append(found[1])
    documents = {
        name for name, source in modules.items() if 'VB_Base = "0{0002081' in source or "0{0002082" in source
    }
    for name in {one.decode() for one in named} ^ documents:
        yield f"the code name {name} is not both a sheet's and a VBA module's"


def _tables(parts: dict[str, bytes]) -> Iterator[str]:
    tables = [ET.fromstring(part) for name, part in parts.items() if name.startswith("xl/tables/")]
    for what in ("id", "displayName"):
        counted = Counter((table.get(what) or "").casefold() for table in tables)
        yield from (f"two tables have the {what} {one}" for one, count in counted.items() if count > 1)
    for table in tables:
        first, last = (_column(corner) for corner in (table.get("ref") or "A1:A1").split(":"))
        columns = table.find("{*}tableColumns")
        names = [column.get("name") or "" for column in columns] if columns is not None else []
        if len(names) != last - first + 1:
            yield f"table {table.get('displayName')} has {len(names)} columns in {table.get('ref')}"
        if len({name.casefold() for name in names}) != len(names):
            yield f"table {table.get('displayName')} has two columns of one name"


def _column(corner: str) -> int:
    number = 0
    for letter in re.match(r"[A-Z]+", corner)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _defined_names(parts: dict[str, bytes]) -> Iterator[str]:
    names = re.findall(rb'<definedName name="([^"]+)"(?: localSheetId="(\d+)")?', parts["xl/workbook.xml"])
    counted = Counter((name.lower(), sheet) for name, sheet in names)
    yield from (f"two names {name.decode()}" for (name, _), count in counted.items() if count > 1)
    tables = {
        (ET.fromstring(part).get("displayName") or "").casefold()
        for name, part in parts.items()
        if name.startswith("xl/tables/")
    }
    yield from (f"{name.decode()} is a name and a table" for name, _ in names if name.decode().casefold() in tables)


def _structured_references(parts: dict[str, bytes]) -> Iterator[str]:
    for name, part in parts.items():
        if name.startswith(("xl/tables/", "xl/worksheets/sheet")):
            for formula in re.findall(r"<(?:f|calculatedColumnFormula|formula)>([^<]*)<", part.decode("utf-8")):
                if STRUCTURED_WITHOUT_TABLE.search(formula):
                    yield f"{name} has a structured reference without its table: {formula}"
