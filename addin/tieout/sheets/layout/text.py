"""The layout's text files, read and held to the keys that they may have."""

import tomllib
from collections.abc import Mapping
from typing import Any

from tieout.resources import packaged

Entry = dict[str, Any]


def read(name: str) -> Entry:
    """The TOML file `workbook/<name>.toml`. Raises ValueError naming the file if it is not TOML."""
    path = packaged(f"workbook/{name}.toml")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise ValueError(f"workbook/{name}.toml: {problem}") from problem


def held_to(entry: Mapping[str, Any], where: str, required: str, optional: str = "") -> Entry:
    """`entry`, if it has all keys of `required` (words) and no others than `optional`; else ValueError."""
    must = set(required.split())
    may = must | set(optional.split())
    if missing := must - entry.keys():
        raise ValueError(f"{where}: {', '.join(sorted(missing))} missing")
    if strange := entry.keys() - may:
        raise ValueError(f"{where}: {', '.join(sorted(strange))} not known")
    return dict(entry)
