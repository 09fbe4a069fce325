"""Where the money of some lines goes: group, account, tax code, class; and the name their line of the draft has."""

from collections.abc import Mapping as Resolved
from dataclasses import dataclass, replace

from tieout.domain.account import Account, Chart, Group
from tieout.domain.journal import JournalLine
from tieout.domain.settings import DepositTo, Detail, NegativeTotal, SettlementSettings
from tieout.domain.settlement import Kind, LineSum
from tieout.rules.charts import ROLE_OF_GROUP
from tieout.rules.classify import fee_name, is_carried_debt
from tieout.rules.fee_rule import ANY
from tieout.rules.mapping import Mapped
from tieout.rules.spelling import folded


@dataclass(frozen=True, slots=True)
class Destination:
    """A line of a draft, but for its amount. `fee` is what keeps lines apart, `name` what they are called."""

    group: Group
    account: Account
    tax_code: str
    class_name: str
    fee: tuple[str, ...]
    name: str


class MissingRole(Exception):
    """The chart has no account for a role that a line needs."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role


@dataclass(frozen=True, slots=True)
class Destinations:
    """The destinations of a settlement's lines, under the settings of a company."""

    mapped: Resolved[Kind, Mapped]
    chart: Chart
    settings: SettlementSettings

    def of(self, lines: LineSum) -> Destination:
        """Where these lines go; MissingRole."""
        mapped = self.mapped[lines.kind]
        if lines.facilitated:  # rule 8: with the tax that was withheld, whatever the rule says of tax
            return self._to(
                lines.kind, mapped, Group.FACILITATOR_TAX, self.role(ROLE_OF_GROUP[Group.FACILITATOR_TAX])
            )
        account = mapped.account(self.chart, self._role(lines.kind, mapped))
        if account is None:
            raise MissingRole(self._role(lines.kind, mapped))
        return self._to(lines.kind, mapped, mapped.group, account)

    def role(self, role: str) -> Account:
        """The account of a role; MissingRole."""
        account = self.chart.by_role(role)
        if account is None:
            raise MissingRole(role)
        return account

    def classed(self, line: JournalLine) -> JournalLine:
        """A line with the class of the settings, where no mapping gives it another."""
        return line if line.class_name else replace(line, class_name=self.settings.class_name)

    def deposit_role(self) -> str:
        """The role that a positive total goes to, and from which a failed deposit comes back."""
        return "bank" if self.settings.deposit_to is DepositTo.BANK else "clearing"

    def debt_role(self) -> str:
        """The role that a negative total goes to, and from which it is carried into the next settlement."""
        return "clearing" if self.settings.negative_total is NegativeTotal.CLEARING else "card"

    def _role(self, kind: Kind, mapped: Mapped) -> str:
        if mapped.role == "bank":
            return self.deposit_role()
        if mapped.role == "clearing" and is_carried_debt(kind):
            return self.debt_role()
        return mapped.role

    def _to(self, kind: Kind, mapped: Mapped, group: Group, account: Account) -> Destination:
        by_fee = self.settings.detail is Detail.FEE
        words = (kind.transaction_type, kind.amount_type, kind.amount_description)
        return Destination(
            group=group,
            account=account,
            tax_code=mapped.tax_code or account.tax_code,
            class_name=mapped.class_name,
            fee=tuple(folded(word) for word in words) if by_fee else (),
            name=_name(kind, mapped) if by_fee else group.value,
        )


def _name(kind: Kind, mapped: Mapped) -> str:
    """The fee's name as its rule spells it; as Amazon does, where the rule is a pattern or knows another form."""
    rule = mapped.rule
    if mapped.form or any(ANY in pattern for pattern in rule.patterns):
        return fee_name(kind.transaction_type, kind.amount_type, kind.amount_description)
    return fee_name(rule.transaction_type, rule.amount_type, rule.amount_description)
