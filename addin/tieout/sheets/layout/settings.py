"""The rows of Settings and the statuses of Status Filters, as records."""

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.sheets.layout.tables import ColumnType


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a setting allows: as the code knows it, and in the words of the sheet."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SettingLayout:
    """A row of the table Settings.

    `defaults` holds the default by country, "other" for the rest, as the code knows it; an account's default is
    the name that the country's chart gives to `role`. `cell_name` is the defined name of its value's cell. With
    `is_filled` the product fills it in later.
    """

    key: str
    section: str
    title: str
    type: ColumnType
    help: str
    number_format: str
    defaults: Mapping[str, str]
    options: tuple[Option, ...] = ()
    list_key: str = ""
    open_list: bool = False
    is_input: bool = True
    is_filled: bool = False
    role: str = ""
    cell_name: str = ""
    minimum: int | None = None
    longest: int | None = None

    def default(self, country: str) -> str:
        """The default in `country`, as the code knows it; "" where there is none."""
        return self.defaults.get(country, self.defaults.get("other", ""))

    def default_label(self, country: str) -> str:
        """The default in the words of the sheet."""
        return self.label(self.default(country))

    def label(self, value: str) -> str:
        """The words of the sheet for a value of the code; the value itself where no option names it."""
        return next((option.label for option in self.options if option.value == value), value)

    def value(self, label: str) -> str | None:
        """The value for what a cell says, in any letter case; None where it is not allowed."""
        if not self.options:
            return label
        folded = label.strip().casefold()
        for option in self.options:
            if folded in {option.label.casefold(), option.value.casefold()}:
                return option.value
        return None


@dataclass(frozen=True, slots=True)
class StatusLayout:
    """An order status of Status Filters, with what it is in Amazon's terms (see status-filters.toml)."""

    key: str
    title: str
    definition: str
    orders_api: tuple[str, ...]
    report: tuple[str, ...]
    posts: bool
    default: str
