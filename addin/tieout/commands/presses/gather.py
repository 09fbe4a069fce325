"""The settlements that are shown, read again from the documents that the store keeps, and where each stands."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace

from tieout.commands.post_settled_orders import draft_settled_orders
from tieout.commands.presses.choices import Choices
from tieout.commands.presses.known_books import known_books
from tieout.commands.presses.methods import method_of
from tieout.commands.presses.order_documents import orders_with_documents
from tieout.commands.presses.press import Known, Press
from tieout.commands.presses.settled_work import settled_work
from tieout.commands.presses.settlement_files import documents_of
from tieout.commands.presses.standing import Standing, standing
from tieout.commands.review_settlements import ReadSettlements, Review, Reviews, read_settlements, review_read
from tieout.commands.settled_books import Shelf
from tieout.domain.calendar import local_day
from tieout.domain.finding import Finding
from tieout.domain.marketplace import by_country
from tieout.domain.settings import Method
from tieout.reconcile.chain import each_once
from tieout.rules.revenue_once import recorded_already
from tieout.sheets.port import ReadTable

# What is found between two settlements in a row.
_OF_NEIGHBOURS = frozenset({"settlement-gap", "settlement-overlap", "reserve-chain-broken"})
_TWICE = "orders-recorded-already"
_USERS_CELLS = ("select", "notes")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The shown settlements in the order of the store, what was found reviewing them, and which files are lost."""

    standings: tuple[Standing, ...]
    findings: tuple[Finding, ...]
    lost: tuple[Finding, ...] = ()

    def by_id(self) -> Mapping[str, Standing]:
        """The settlements by their ids."""
        return {one.settlement_id: one for one in self.standings}

    def again(self, press: Press, choices: Choices) -> "Gathered":
        """The same settlements as they stand now, after something was done."""
        return replace(self, standings=tuple(standing(press, choices, one.review) for one in self.standings))


def gather(press: Press, choices: Choices, also: Collection[str] = ()) -> Gathered:
    """Review what is shown, and the settlements named in `also`."""
    every = press.store.settlements.all()
    wanted = [known for known in every if _is_shown(known, choices, also)]
    documents, lost = documents_of(press, wanted)
    read = read_settlements(documents, choices.settings.settlements, press.tell)
    reviews = reviewed(press, _of(read, {known.settlement_id for known in wanted}), choices)
    reviews = _revenue_once(reviews, choices, orders_with_documents(press))
    order = {known.settlement_id: number for number, known in enumerate(wanted)}
    standings = sorted(
        (standing(press, choices, review) for review in reviews.reviews), key=lambda one: order[one.settlement_id]
    )
    apart = _after_a_hidden_one(every, order)
    chained = [one for one in reviews.findings if one.code not in _OF_NEIGHBOURS or one.subject not in apart]
    return Gathered(tuple(standings), (*lost, *chained), lost)


def reviewed(press: Press, read: ReadSettlements, choices: Choices) -> Reviews:
    """Check, map and draft, each by its method; nothing is drafted while a setting or mapping is not understood."""
    by_orders = [one for one in each_once(read.settlements) if method_of(press, choices, one) is Method.ORDERS]
    shelf = Shelf(press.store.outbox, press.realm_id, press.documents)
    work = settled_work(press, choices, by_orders)
    drafted = draft_settled_orders(by_orders, shelf, known_books(press, choices), work)
    reviews = review_read(
        read,
        mappings=choices.source,
        settings=choices.settings.settlements,
        by_orders={one.draft.settlement_id: one.draft for one in drafted},
    )
    if not choices.blocking_orders:
        return reviews
    return Reviews(tuple(_blocked(one, choices) for one in reviews.reviews), reviews.findings)


def _blocked(review: Review, choices: Choices) -> Review:
    blocking = choices.blocking if review.orders is None else choices.blocking_orders
    if not blocking:
        return review
    orders = replace(review.orders, documents=()) if review.orders is not None else None
    draft = replace(review.draft, journals=())
    return replace(review, draft=draft, orders=orders, findings=(*review.findings, *blocking))


def _revenue_once(reviews: Reviews, choices: Choices, own_documents: frozenset[str]) -> Reviews:
    """Block each settlement whose summary would record orders that have documents of their own (rule 10)."""
    if not own_documents:
        return reviews
    guarded = []
    for one in reviews.reviews:
        if one.orders is not None:
            guarded.append(one)
            continue
        _, mapping = choices.source.for_country(one.settlement.marketplace)
        twice = recorded_already(one.settlement, mapping, own_documents)
        guarded.append(replace(one, findings=(*one.findings, *twice)) if twice else one)
    found = (finding for one in guarded for finding in one.findings if finding.code == _TWICE)
    return Reviews(tuple(guarded), (*reviews.findings, *found))


def _is_shown(known: Known, choices: Choices, also: Collection[str]) -> bool:
    if known.settlement_id in also or known.settlement_id in _used_rows(choices.settlements):
        return True
    market = by_country(known.marketplace)
    zone = market.time_zone if market is not None else "UTC"
    return choices.shown.holds(known.marketplace, local_day(known.start, zone), local_day(known.end, zone))


def _used_rows(table: ReadTable | Finding) -> frozenset[str]:
    """The settlements in whose rows the user wrote: they stay on the sheet whatever is shown."""
    if isinstance(table, Finding):
        return frozenset()
    return frozenset(row.text("settlement_id") for row in table.rows if any(row.text(key) for key in _USERS_CELLS))


def _after_a_hidden_one(every: Iterable[Known], shown: Container[str]) -> frozenset[str]:
    """The settlements whose predecessor is known and not shown: what is missing before them is not missing."""
    last: dict[tuple[str, str], str] = {}
    found = set()
    for known in every:
        account = (known.marketplace, known.total.currency)
        if account in last and last[account] not in shown:
            found.add(known.settlement_id)
        last[account] = known.settlement_id
    return frozenset(found)


def _of(read: ReadSettlements, ids: Collection[str]) -> ReadSettlements:
    """What was read of the wanted settlements alone."""
    return replace(read, settlements=tuple(one for one in read.settlements if one.settlement_id in ids))
