"""The sheet Settings as one validated model: what the presses do is what its cells say, or a finding says why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tieout.domain.account import Account, Chart
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Cell
from tieout.domain.settings import (
    DepositTo,
    Detail,
    LastPartDay,
    Method,
    NegativeTotal,
    PeriodZone,
    SettlementSettings,
)
from tieout.sheets.layout import ColumnType, SettingLayout, WorkbookLayout, load_layout
from tieout.sheets.port import RawValue, ReadTable, TableRow, WorkbookPort, plain_text
from tieout.sheets.typed import decimal_number, one_of, whole_day, whole_number

SETTINGS, MARKETPLACES = "Settings", "MarketplaceSettings"
AS_ABOVE, NOT_USED = "As above", "Not used"

Value = str | Decimal | int | date | None


@dataclass(frozen=True, slots=True)
class MarketplaceChoice:
    """What holds for one marketplace where it differs: empty means that the settings above hold."""

    used: bool = True
    method: Method | None = None
    clearing: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class BookSettings:
    """What the sheet says. `values` holds every setting by key as the code knows it, defaults filled in.

    `accounts` names accounts by the role they play, where the sheet does. With a stopping finding nothing is to be
    drafted: a setting that was meant otherwise would be a wrong journal.
    """

    values: Mapping[str, Value]
    accounts: Mapping[str, str]
    marketplaces: Mapping[str, MarketplaceChoice]
    findings: tuple[Finding, ...] = ()

    @property
    def settlements(self) -> SettlementSettings:
        """What drafting a settlement depends on."""
        return SettlementSettings(
            method=Method(str(self.values["method"])),
            detail=Detail(str(self.values["detail"])),
            last_part_day=LastPartDay(str(self.values["last_part_day"])),
            negative_total=NegativeTotal(str(self.values["negative_total"])),
            period_zone=PeriodZone(str(self.values["period_zone"])),
            deposit_to=DepositTo(str(self.values["deposit_to"])),
            prefix=str(self.values["settlement_prefix"]),
            class_name=str(self.values["class_name"]),
            location=str(self.values["location"]),
        )

    @property
    def start_date(self) -> date | None:
        """The first day of which anything may be posted."""
        day = self.values["start_date"]
        return day if isinstance(day, date) else None

    @property
    def first_open_day(self) -> bool:
        """Whether what belongs in a closed period goes to the first open day unasked."""
        return self.values["closed_period"] == "first-open"

    def marketplace(self, country: str) -> MarketplaceChoice:
        """What holds for a marketplace."""
        return self.marketplaces.get(country, MarketplaceChoice())

    def chart(self, chart: Chart, country: str = "") -> Chart:
        """The chart with the accounts that the settings name in their roles, for a marketplace or for all."""
        choice = self.marketplace(country)
        named = dict(self.accounts)
        named |= {role: name for role, name in (("clearing", choice.clearing), ("bank", choice.bank)) if name}
        return Chart(chart.country, tuple(_renamed(account, named, chart) for account in chart.accounts))


def read_settings(book: WorkbookPort, country: str) -> BookSettings:
    """The settings of a workbook, those of a company of `country` where a cell is empty."""
    layout = load_layout()
    reading = _Reading(layout, country)
    table = book.read(SETTINGS)
    if isinstance(table, Finding):
        reading.findings.append(table)
    else:
        reading.findings += table.findings
    rows = {} if isinstance(table, Finding) else {row.text("key").casefold(): row for row in table.rows}
    for setting in layout.settings:
        reading.take(setting, None if isinstance(table, Finding) else table, rows.get(setting.key.casefold()))
    marketplaces = dict(_marketplaces(book.read(MARKETPLACES), reading.findings, layout))
    return BookSettings(
        values=reading.values,
        accounts=reading.accounts,
        marketplaces=marketplaces,
        findings=tuple(reading.findings),
    )


@dataclass(slots=True)
class _Reading:
    layout: WorkbookLayout
    country: str
    values: dict[str, Value] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def take(self, setting: SettingLayout, table: ReadTable | None, row: TableRow | None) -> None:
        """One setting: its cell, or its default where the cell is empty, missing or not to be understood."""
        default = _default(setting, self.country)
        self.values[setting.key] = default
        if table is None:
            return
        if row is None:
            self.findings.append(_missing(setting, table))
            return
        where = table.cell(row, "value")
        value = _typed(setting, row.values.get("value"), where, self.layout)
        if isinstance(value, Finding):
            self.findings.append(value)
        elif value is not None:
            self.values[setting.key] = value
            if setting.role and isinstance(value, str):
                self.accounts[setting.role] = value


def _default(setting: SettingLayout, country: str) -> Value:
    text = setting.default(country)
    if not text:
        return None if setting.type in {ColumnType.DATE, ColumnType.QUANTITY, ColumnType.PERCENT} else ""
    if setting.type is ColumnType.QUANTITY:
        return int(text)
    return Decimal(text) if setting.type is ColumnType.PERCENT else text


def _typed(setting: SettingLayout, value: RawValue, where: Cell, layout: WorkbookLayout) -> Value | Finding:
    """What was typed, as the code knows it; None where nothing was."""
    if setting.type is ColumnType.DATE:
        return whole_day(value, where)
    if setting.type is ColumnType.QUANTITY:
        return whole_number(value, where, minimum=setting.minimum)
    if setting.type is ColumnType.PERCENT:
        return decimal_number(value, where, minimum=setting.minimum)
    if setting.options:
        words = one_of(value, where, [option.label for option in setting.options])
        return setting.value(words) if isinstance(words, str) else words
    if setting.list_key and not setting.open_list and setting.is_input:
        return one_of(value, where, layout.drop_down(setting.list_key).values)
    text = plain_text(value)
    if setting.longest is not None and len(text) > setting.longest:
        return _too_long(setting, where)
    return text or None


def _marketplaces(
    table: ReadTable | Finding, findings: list[Finding], layout: WorkbookLayout
) -> Iterator[tuple[str, MarketplaceChoice]]:
    if isinstance(table, Finding):
        findings.append(table)
        return
    findings += table.findings
    methods = layout.drop_down("marketplace_methods").values
    by_label = {option.label: option.value for option in layout.setting("method").options}
    for row in table.rows:
        method = one_of(row.values.get("method"), table.cell(row, "method"), methods)
        if isinstance(method, Finding):
            findings.append(method)
            method = None
        yield (
            row.text("marketplace").upper(),
            MarketplaceChoice(
                used=method != NOT_USED,
                method=Method(by_label[method]) if method in by_label else None,
                clearing=row.text("clearing"),
                bank=row.text("bank"),
            ),
        )


def _renamed(account: Account, named: Mapping[str, str], chart: Chart) -> Account:
    """The account of a role under the name that the settings give it; its kind is what the role asks for."""
    name = named.get(account.role, "")
    if not name or name.casefold() == account.name.casefold():
        return account
    known = chart.by_name(name)
    kind = known or account
    return Account(account.role, name, kind.account_type, kind.detail_type, kind.tax_code)


def _missing(setting: SettingLayout, table: ReadTable) -> Finding:
    return Finding(
        code="setting-missing",
        severity=Severity.NOTICE,
        what=f"The setting {setting.title} ({setting.key}) has no row; its default holds.",
        to_do="Undo the removal of the row, or put its key into the column Key again.",
        where=Cell(table.sheet, f"{table.columns.get('key', 'A')}{table.header_row}"),
    )


def _too_long(setting: SettingLayout, where: Cell) -> Finding:
    return Finding(
        code="setting-too-long",
        severity=Severity.BLOCKED,
        what=f"{setting.title} takes at most {setting.longest} characters.",
        to_do="Shorten it.",
        where=where,
    )
