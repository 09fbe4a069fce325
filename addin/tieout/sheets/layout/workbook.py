"""The whole workbook as one record."""

from dataclasses import dataclass

from tieout.sheets.layout.home import HomeLayout
from tieout.sheets.layout.ribbon import ButtonLayout, RibbonLayout
from tieout.sheets.layout.settings import SettingLayout, StatusLayout
from tieout.sheets.layout.tables import ListLayout, SheetLayout, TableLayout


@dataclass(frozen=True, slots=True)
class WorkbookLayout:
    """The whole workbook, sheets in the order of their tabs, the hidden sheet Lists last."""

    version: int
    sheets: tuple[SheetLayout, ...]
    lists: tuple[ListLayout, ...]
    settings: tuple[SettingLayout, ...]
    statuses: tuple[StatusLayout, ...]
    home: HomeLayout
    ribbon: RibbonLayout
    marketplaces: tuple[str, ...]

    def sheet(self, name: str) -> SheetLayout:
        """The sheet called `name`; KeyError if there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(f"the workbook has no sheet {name!r}")

    def table(self, name: str) -> TableLayout:
        """The table called `name`, on whatever sheet; KeyError if there is none."""
        for sheet in self.sheets:
            for table in sheet.tables:
                if table.name == name:
                    return table
        raise KeyError(f"the workbook has no table {name!r}")

    def drop_down(self, key: str) -> ListLayout:
        """The drop-down list with that key; KeyError if there is none."""
        for one in self.lists:
            if one.key == key:
                return one
        raise KeyError(f"the workbook has no list {key!r}")

    def setting(self, key: str) -> SettingLayout:
        """The setting with that key; KeyError if there is none."""
        for setting in self.settings:
            if setting.key == key:
                return setting
        raise KeyError(f"there is no setting {key!r}")

    def button(self, press: str) -> ButtonLayout:
        """The button with that press name; KeyError if there is none."""
        for button in self.buttons:
            if button.press == press:
                return button
        raise KeyError(f"the ribbon has no button {press!r}")

    @property
    def buttons(self) -> tuple[ButtonLayout, ...]:
        """All buttons, in the ribbon's order."""
        return tuple(button for group in self.ribbon.groups for button in group.buttons)

    @property
    def tables(self) -> tuple[TableLayout, ...]:
        """All tables, drop-down lists included."""
        return tuple(table for sheet in self.sheets for table in sheet.tables)
