"""Proposals on the sheet Accounts: what is ticked there is agreed to, what is missing is shown there to be ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.commands.presses.choices import Choices
from tieout.commands.presses.press import Press
from tieout.commands.setting_places import SETTING_OF
from tieout.domain.finding import Finding
from tieout.domain.origin import Cell
from tieout.domain.proposal import ACCOUNT, CUSTOMER, ITEM, VENDOR, Proposal
from tieout.sheets.name_rows import ACCOUNTS, NAMES, proposals_refresh, tick_cells, ticked_proposals
from tieout.sheets.port import ReadTable, Refresh

# The findings that a tick answers, and the kind of what is missing; `subject` is its name.
_ASKS = {"account-missing": ACCOUNT, "customer-missing": CUSTOMER, "vendor-missing": VENDOR, "item-missing": ITEM}
# The findings about an account that is named somewhere on the sheets; `subject` is its name.
_OF_AN_ACCOUNT = frozenset(
    {
        *("account-of-wrong-type", "account-of-other-type", "account-inactive", "account-ambiguous"),
        *("account-needs-a-name", "account-missing"),
    }
)
# The findings about a tax code that a rule of Tax Codes names; `subject` is its name.
_OF_A_TAX_CODE = frozenset({"tax-code-unknown", "tax-code-holds-no-tax"})


def is_answered(code: str, ticks: frozenset[tuple[str, str]]) -> bool:
    """Whether what kept an order out may be made by now: something of that kind was ticked since."""
    return _ASKS.get(code) in {kind for kind, _ in ticks}


def ticked(press: Press) -> frozenset[tuple[str, str]]:
    """What the user ticked to have made, by kind and name in lower case."""
    return ticked_proposals(_tables(press))[0]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the sheet Accounts shall show, and the cells of findings: those to tick, and where accounts are named."""

    refreshes: tuple[Refresh, ...] = ()
    findings: tuple[Finding, ...] = ()
    ticks: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    named: Mapping[str, Cell] = field(default_factory=dict)
    codes: Mapping[str, Cell] = field(default_factory=dict)
    settings: Mapping[str, Cell] = field(default_factory=dict)

    def located(self, finding: Finding) -> Finding:
        """The finding at its cell."""
        name = finding.subject.casefold()
        cell = self.ticks.get((_ASKS.get(finding.code, ""), name))
        if cell is None and finding.code in _OF_AN_ACCOUNT:
            cell = self.named.get(name)
        if cell is None and finding.code in _OF_A_TAX_CODE:
            cell = self.codes.get(name)
        if cell is None and not isinstance(finding.where, Cell):
            cell = self.settings.get(finding.code)
        return finding if cell is None else replace(finding, where=cell)

    def all_located(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings at their cells, each once."""
        return tuple(dict.fromkeys(self.located(one) for one in findings))


def proposals(press: Press, choices: Choices, proposed: Sequence[Proposal], created: Sequence[str]) -> Proposals:
    """What is to be shown after a press; `created` as reports tell it: "customer Amazon US"."""
    made = frozenset(_made(one) for one in created)
    tables = _tables(press)
    cells: dict[tuple[str, str], Cell] = {}
    refreshes = []
    for table in tables:
        cells |= tick_cells(table, proposed)
        refresh = proposals_refresh(table, proposed, made)
        refreshes += [refresh] if refresh.rows else []
    asked = {each.key for each in proposed}
    return Proposals(
        tuple(refreshes),
        ticked_proposals(tables)[1],
        {key: cell for key, cell in cells.items() if key in asked},
        _named(choices),
        {rule.code.casefold(): rule.where for rule in choices.tax_rules if rule.where is not None},
        {code: choices.places[key] for code, key in SETTING_OF.items() if key in choices.places},
    )


def _made(told: str) -> tuple[str, str]:
    """The key of what was made, as reports tell it: "customer Amazon US", or the name alone of an account."""
    kind, _, name = told.partition(" ")
    of_kind = {one.lower(): one for one in (ACCOUNT, CUSTOMER, VENDOR, ITEM)}
    return (of_kind[kind], name.casefold()) if kind in of_kind else (ACCOUNT, told.casefold())


def _named(choices: Choices) -> dict[str, Cell]:
    """Where accounts are named: in Fee Mappings, or in Settings, which goes before."""
    found: dict[str, Cell] = {}
    column = choices.mappings.columns.get("account", "")
    for cell, row in choices.mappings.rows:
        name = row.get("account", "").casefold()
        if name and column and isinstance(cell, Cell):
            number = cell.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            found.setdefault(name, Cell(cell.sheet, f"{column}{number}"))
    for key, cell in choices.places.items():
        name = str(choices.settings.values.get(key) or "").casefold()
        if key.startswith("account_") and name:
            found[name] = cell
    return found


def _tables(press: Press) -> tuple[ReadTable, ...]:
    tables = (press.book.read(name) for name in (ACCOUNTS, NAMES))
    return tuple(table for table in tables if isinstance(table, ReadTable))
