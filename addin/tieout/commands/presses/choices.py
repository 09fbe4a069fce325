"""What the user chose, read from the sheets before anything is done: settings, mappings, what is shown, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tieout.commands.mapping_source import MappingSource
from tieout.commands.presses.last_book import note_book
from tieout.commands.presses.press import Press
from tieout.domain.account import Chart
from tieout.domain.calendar import Month
from tieout.domain.finding import Finding, Severity
from tieout.domain.marketplace import by_country
from tieout.domain.origin import Cell
from tieout.domain.posting_settings import MarketplacePosting, PostingSettings
from tieout.domain.settings import Method
from tieout.domain.tax_rule import TaxRule
from tieout.rules.posting_settings import posting_settings
from tieout.sheets.account_rows import with_accounts
from tieout.sheets.book_settings import BookSettings, read_settings
from tieout.sheets.exception_rows import Decisions, read_decisions
from tieout.sheets.fee_mapping_rows import WORDS, SheetMappings, at_its_cell, read_mappings
from tieout.sheets.layout import load_layout
from tieout.sheets.port import RawValue, ReadTable, plain_text
from tieout.sheets.preview_rows import PreviewLine, preview_lines
from tieout.sheets.status_filters import StatusFilters, read_status_filters
from tieout.sheets.tax_rule_rows import read_tax_rules
from tieout.sheets.typed import whole_day

ALL = "All"


@dataclass(frozen=True, slots=True)
class Shown:
    """What Home says is to be shown: a month (None: all), a marketplace (empty: all)."""

    month: Month | None = None
    marketplace: str = ""
    findings: tuple[Finding, ...] = ()

    def holds(self, marketplace: str, start: date, end: date) -> bool:
        """Whether something of a marketplace that runs from one day to another is shown."""
        if self.marketplace and marketplace != self.marketplace:
            return False
        return self.month is None or (start <= self.month.last_day and end >= self.month.first_day)


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the sheets say before a press.

    `blocking` findings forbid drafting anything, those of `blocking_orders` what the method by orders drafts.
    `places` leads from a setting to its cell.
    """

    settings: BookSettings
    posting: PostingSettings
    tax_rules: tuple[TaxRule, ...]
    filters: StatusFilters
    of_orders: tuple[Finding, ...]
    places: Mapping[str, Cell]
    mappings: SheetMappings
    source: MappingSource
    shown: Shown
    decisions: Decisions
    exceptions: ReadTable | Finding
    settlements: ReadTable | Finding
    preview: dict[tuple[str, str], PreviewLine]
    chart: Chart
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What is wrong with settings and mappings so that a draft could be another than was meant."""
        return tuple(one for one in (*self.settings.findings, *self.mappings.findings) if one.stops)

    @property
    def blocking_orders(self) -> tuple[Finding, ...]:
        """What is wrong so that a document of an order, or of a settlement by orders, could be another."""
        return (*self.blocking, *(one for one in self.of_orders if one.stops))

    @property
    def uses_orders(self) -> bool:
        """Whether anything is posted by the method by orders."""
        of_marketplaces = (self.posting.method_of(country) for country in self.settings.marketplaces)
        return Method.ORDERS in {self.posting.method, *of_marketplaces}

    def remember(self, press: Press) -> None:
        """Keep the user's fee mappings as they are used now, so that a draft can be explained later; and the book."""
        note_book(press)
        columns = (*WORDS, "marketplace", "group", "account", "tax_code", "class")
        lines = ["\t".join(row.get(name, "") for name in columns) for _, row in self.mappings.rows]
        if lines:
            press.store.mappings.keep("\n".join(("\t".join(columns), *lines, "")), press.who)


def read_choices(press: Press) -> Choices:
    """Read the sheets that a press depends on."""
    book = press.book
    settings = read_settings(book, press.company.country)
    mappings = read_mappings(book)
    accounts = book.read("Accounts")
    known = press.chart if isinstance(accounts, Finding) else with_accounts(press.chart, accounts)
    chart = settings.chart(known)
    charts = {
        country: settings.chart(known, country)
        for country, choice in settings.marketplaces.items()
        if choice.clearing or choice.bank
    }
    exceptions, settlements, preview = book.read("Exceptions"), book.read("Settlements"), book.read("JournalPreview")
    decisions = (
        Decisions({}, (exceptions,)) if isinstance(exceptions, Finding) else read_decisions(exceptions, _decisions())
    )
    shown = _shown(press)
    places = _places(book.read("Settings"))
    posting, problems = posting_settings(
        settings.values, press.company.country, marketplaces=_marketplaces(press, settings), places=places
    )
    tax_rules, taxes = read_tax_rules(book)
    filters = read_status_filters(book)
    of_orders = tuple(one for one in dict.fromkeys((*problems, *taxes)) if one not in settings.findings)
    return Choices(
        settings=settings,
        posting=posting,
        tax_rules=tax_rules,
        filters=filters,
        of_orders=of_orders,
        places=places,
        mappings=mappings,
        source=MappingSource(
            chart=chart,
            rows=mappings.rows,
            charts=charts,
            located=lambda finding: _located(finding, mappings),
        ),
        shown=shown,
        decisions=decisions,
        exceptions=exceptions,
        settlements=settlements,
        preview={} if isinstance(preview, Finding) else preview_lines(preview),
        chart=chart,
        findings=(
            *settings.findings,
            *of_orders,
            *mappings.findings,
            *shown.findings,
            *decisions.findings,
            *_of_table(settlements),
            *_of_table(preview),
            *filters.findings,
        ),
    )


def _places(table: ReadTable | Finding) -> dict[str, Cell]:
    """The cell of each setting, by its key."""
    if isinstance(table, Finding):
        return {}
    return {row.text("key"): table.cell(row, "value") for row in table.rows if row.text("key")}


def _marketplaces(press: Press, settings: BookSettings) -> dict[str, MarketplacePosting]:
    """What differs in single marketplaces."""
    table = press.book.read("MarketplaceSettings")
    customers = (
        {row.text("marketplace").upper(): row.text("customer") for row in table.rows}
        if isinstance(table, ReadTable)
        else {}
    )
    return {
        country: MarketplacePosting(choice.method, customers.get(country, ""))
        for country, choice in settings.marketplaces.items()
    }


def _decisions() -> Sequence[str]:
    return load_layout().drop_down("exception_choices").values


def _of_table(table: ReadTable | Finding) -> tuple[Finding, ...]:
    return (table,) if isinstance(table, Finding) else table.findings


def _located(finding: Finding, mappings: SheetMappings) -> Finding:
    cell = at_its_cell(finding, mappings.columns)
    return finding if cell is None else replace(finding, where=cell)


def _shown(press: Press) -> Shown:
    """The month and marketplace of Home; what is not understood is a finding, and all is shown."""
    findings: list[Finding] = []
    day = whole_day(press.book.cell("HomeMonth"), press.book.place("HomeMonth"))
    if isinstance(day, Finding):
        findings.append(replace(day, severity=Severity.NOTICE))
        day = None
    marketplace = _marketplace(press, press.book.cell("HomeMarketplace"), findings)
    return Shown(Month.of(day) if day is not None else None, marketplace, tuple(findings))


def _marketplace(press: Press, value: RawValue, findings: list[Finding]) -> str:
    text = plain_text(value)
    if not text or text.casefold() == ALL.casefold():
        return ""
    found = by_country(text)
    if found is None:
        findings.append(
            Finding(
                code="marketplace-unknown",
                severity=Severity.NOTICE,
                what=f'"{text}" is no marketplace we know, so all are shown.',
                to_do=f"Choose a country code from the list, or {ALL}.",
                where=press.book.place("HomeMarketplace"),
            )
        )
    return found.country if found is not None else ""
