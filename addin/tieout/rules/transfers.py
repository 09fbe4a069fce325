"""The transfer of a settlement's total between clearing and the bank, or the card where the setting says so.

QuickBooks' Transfer is in the currency of its foreign account. A settlement in a currency that neither account is
kept in moves by a journal entry in the settlement's currency instead, which such accounts take at the day's rate.
"""

from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.account import Account, Chart, Group
from tieout.domain.journal import Journal
from tieout.domain.payment import Transfer
from tieout.domain.posting_settings import PostingSettings, YesNo
from tieout.domain.settings import NegativeTotal
from tieout.domain.settlement import Settlement
from tieout.rules.destinations import MissingRole
from tieout.rules.journal_lines import credited
from tieout.rules.settlement_memo import deposit_day, memo
from tieout.rules.settlement_numbers import Letter, settlement_number


def transfer_of(
    settlement: Settlement,
    settings: PostingSettings,
    chart: Chart,
    home_currency: str,
    account_currencies: Mapping[str, str],
) -> tuple[Transfer | Journal, ...]:
    """The document that moves the total; none where it is zero, or stays in clearing. MissingRole."""
    total = settlement.total
    pays_out = total.minor > 0 and settings.transfer is YesNo.YES
    charges = total.minor < 0 and settings.negative_total is NegativeTotal.CARD
    if not pays_out and not charges:
        return ()
    clearing = _account(chart, "clearing")
    other = _account(chart, "bank" if pays_out else "card")
    source, target = (clearing, other) if pays_out else (other, clearing)
    number = settlement_number(settings.settlement_prefix, settlement.settlement_id, 1, Letter.TRANSFER)
    what = "deposit" if pays_out else "charged to the card"
    day, text = deposit_day(settlement), memo(settlement, what)
    currencies = {account_currencies.get(account.name, home_currency) for account in (source, target)}
    if settlement.currency in currencies:
        return (
            Transfer(
                number,
                day,
                settlement.currency,
                source.name,
                target.name,
                abs(total),
                text,
                settlement.settlement_id,
                settlement.marketplace,
            ),
        )
    description = f"Amazon settlement {settlement.settlement_id}: {what}"
    moved = (
        credited(abs(total), source, Group.CLEARING if pays_out else Group.CARD, description),
        credited(-abs(total), target, Group.BANK if pays_out else Group.CLEARING, description),
    )
    lines = tuple(replace(line, class_name=settings.class_name) for line in moved)
    journal = Journal(
        number,
        day,
        settlement.currency,
        text,
        lines,
        settlement.settlement_id,
        marketplace=settlement.marketplace,
        location=settings.location,
    )
    return (journal,)


def _account(chart: Chart, role: str) -> Account:
    account = chart.by_role(role)
    if account is None:
        raise MissingRole(role)
    return account
