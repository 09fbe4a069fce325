"""What all objects of an engine share: what isn't there is refused with a sentence."""

from typing import TYPE_CHECKING, Any

from tieout.sheets.engines.errors import NotInThisEngine


class Surface:
    """An object that xlwings calls.  Reading or setting what it has not raises NotInThisEngine."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            if hasattr(type(self), name):
                raise RuntimeError(f"{type(self).__name__}.{name} failed inside the engine")
            raise missing(type(self).__name__, name)

    def __setattr__(self, name: str, value: Any) -> None:
        found = getattr(type(self), name, None)
        if found is None or (isinstance(found, property) and found.fset is None):
            raise missing(type(self).__name__, name)
        object.__setattr__(self, name, value)


def missing(kind: str, name: str) -> NotInThisEngine:
    """The refusal of something that only Excel's own engine does."""
    return NotInThisEngine(
        f"{kind}.{name} is not available on this engine. Open the workbook in Excel with xlwings' own engine for it, "
        "or see docs/engines.md for what the file and LibreOffice engines do."
    )
