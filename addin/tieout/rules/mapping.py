"""Which account a settlement line's money goes to: the user's rules over the fee dictionary.

A line that no rule fits is Unmapped: it comes with a suggestion and the reason for it, and a suggestion never posts
(rule 9 of ARCHITECTURE.md).
"""

from dataclasses import dataclass

from tieout.domain.account import Account, Chart, Group
from tieout.domain.settlement import Kind
from tieout.rules.charts import BALANCE_SHEET_GROUPS, PROFIT_AND_LOSS_TYPES, ROLE_OF_GROUP, new_account
from tieout.rules.fee_dictionary import load_fee_dictionary
from tieout.rules.fee_forms import other_forms
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping_file import read_mapping_csv
from tieout.rules.suggest import Suggestion, suggest

__all__ = ["Mapped", "Mapping", "Unmapped", "load_fee_dictionary", "read_mapping_csv"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """The rule that decides a kind of line. `form` says as what it was recognised, where not by its own words."""

    rule: FeeRule
    group: Group
    tax_code: str
    class_name: str
    form: str = ""

    @property
    def role(self) -> str:
        """The role of its account; empty where the rule names an account."""
        return "" if self.rule.account_name else self.rule.account_role or ROLE_OF_GROUP[self.group]

    def account(self, chart: Chart, role: str = "") -> Account | None:
        """The account it posts to in `chart`, `role` standing in for its own; None where the chart lacks the role."""
        name = self.rule.account_name
        if not name:
            return chart.by_role(role or self.role)
        return chart.by_name(name) or new_account(name, self.group, chart)


@dataclass(frozen=True, slots=True)
class Unmapped:
    """No rule decides a kind of line; `conflict` holds the equally specific rules where there are several."""

    suggested_group: Group
    reason: str
    conflict: tuple[FeeRule, ...] = ()


class Mapping:
    """The rules in force for a company: the user's, then the dictionary's.

    A user's rule that fits wins over every rule of the dictionary; among rules of one source the most specific wins.
    """

    __slots__ = ("chart", "dictionary", "user")

    def __init__(self, chart: Chart, user: FeeRules | None = None, dictionary: FeeRules | None = None) -> None:
        self.chart = chart
        self.user = user if user is not None else FeeRules()
        self.dictionary = dictionary if dictionary is not None else load_fee_dictionary()

    def resolve(self, kind: Kind, account_country: str = "") -> Mapped | Unmapped:
        """What decides lines of `kind` in a settlement of the marketplace `account_country`."""
        for form in (kind, *other_forms(kind)):
            for source in (self.user, self.dictionary):
                found = source.most_specific(form, account_country, named_only=form is not kind)
                if len(found) > 1:
                    return self._conflict(kind, found)
                if found:
                    return self._mapped(kind, form, found[0], account_country)
        suggestion = self._suggestion(kind)
        return Unmapped(suggestion.group, suggestion.reason)

    def _mapped(self, kind: Kind, form: Kind, rule: FeeRule, account_country: str) -> Mapped | Unmapped:
        mapped = Mapped(rule, rule.group, rule.tax_code, rule.class_name, "" if form is kind else str(form))
        known = self.dictionary.most_specific(form, account_country)
        account = mapped.account(self.chart)
        balance_sheet = {known_rule.group for known_rule in known} & BALANCE_SHEET_GROUPS
        if balance_sheet and account is not None and account.account_type in PROFIT_AND_LOSS_TYPES:
            # Rule 7: reserves, loans and transfers are money moved, whatever a wide pattern of the user's says.
            group = min(balance_sheet)
            return Unmapped(
                group,
                f"{rule.place} sends it to {account.name} ({account.account_type}), but it is money moved "
                f"({group}), which touches the balance sheet only.",
                (rule, known[0]),
            )
        return mapped

    def _conflict(self, kind: Kind, rules: tuple[FeeRule, ...]) -> Unmapped:
        suggestion = self._suggestion(kind)
        named = " and ".join(rule.place for rule in rules)
        return Unmapped(suggestion.group, f"{named} fit it and are equally specific.", rules)

    def _suggestion(self, kind: Kind) -> Suggestion:
        return suggest(kind, (*self.user.rules, *self.dictionary.rules))
