"""The buttons of the ribbon, as records: one table for the ribbon, the guide and the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ButtonLayout:
    """A button of the ribbon: its name for `tieout press`, its looks, and what it needs to work.

    `needs` names connections ("amazon", "quickbooks"); `sheets` the sheets on which it works, () meaning all;
    `later` says what it will do, where it is not built yet.
    """

    press: str
    label: str
    group: str
    icon: str
    large: bool
    keytip: str
    screentip: str
    supertip: str
    needs: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    later: str = ""

    @property
    def full_label(self) -> str:
        """The label as it reads outside its group: "Orders: Download"."""
        return f"{self.group}: {self.label}"


@dataclass(frozen=True, slots=True)
class ButtonGroup:
    """A group of the ribbon."""

    id: str
    label: str
    buttons: tuple[ButtonLayout, ...]


@dataclass(frozen=True, slots=True)
class RibbonLayout:
    """The ribbon's tab."""

    id: str
    label: str
    keytip: str
    groups: tuple[ButtonGroup, ...]
