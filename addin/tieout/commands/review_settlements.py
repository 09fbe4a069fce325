"""Files into drafts, with nothing posted and nothing stored: read, check, map, draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.commands.mapping_source import MappingSource
from tieout.commands.progress import Progressed, silent
from tieout.domain.account import Chart
from tieout.domain.document import Document
from tieout.domain.finding import Finding, any_stops
from tieout.domain.settings import PeriodZone, SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.parse.settlement_file import read_settlement
from tieout.reconcile.chain import check_chain, each_once
from tieout.rules.draft_settlement import SettlementDraft, draft_settlement
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.ledger_effect import effects_of


@dataclass(frozen=True, slots=True)
class Review:
    """A settlement, what would be posted for it, and what forbids it: the draft's findings and the file's own.

    By the method by orders `orders` has the documents, and the draft's journals say what these do to accounts.
    """

    settlement: Settlement
    draft: SettlementDraft
    chart: Chart
    findings: tuple[Finding, ...]
    orders: OrdersDraft | None = None

    @property
    def documents(self) -> int:
        """How many documents would be posted."""
        return len(self.draft.journals) if self.orders is None else len(self.orders.documents)

    @property
    def ready(self) -> bool:
        """Whether it may post."""
        return bool(self.draft.journals) and not any_stops(self.findings)


@dataclass(frozen=True, slots=True)
class Reviews:
    """The settlements of some documents, each once, by account and start; and every finding."""

    reviews: tuple[Review, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ReadSettlements:
    """Settlements as read, with every finding, and those of each settlement's own file by its id."""

    settlements: tuple[Settlement, ...]
    findings: tuple[Finding, ...]
    of_settlement: Mapping[str, tuple[Finding, ...]]


def review_settlements(
    documents: Sequence[Document],
    *,
    mappings: MappingSource,
    settings: SettlementSettings,
    country: str = "",
    progressed: Progressed = silent,
) -> Reviews:
    """Read, check, map and draft; each settlement once, even if two documents hold it.

    A settlement whose id comes twice with other content is drafted from neither (rule 5 of ARCHITECTURE.md).
    """
    read = read_settlements([(document, country) for document in documents], settings, progressed)
    return review_read(read, mappings=mappings, settings=settings)


def read_settlements(
    documents: Sequence[tuple[Document, str]], settings: SettlementSettings, progressed: Progressed = silent
) -> ReadSettlements:
    """Read documents, each with the country of its account where that is known ("" where the file tells it)."""
    time_zone = "UTC" if settings.period_zone is PeriodZone.UTC else ""
    settlements: list[Settlement] = []
    findings: list[Finding] = []
    of_settlement: dict[str, tuple[Finding, ...]] = {}
    for number, (document, country) in enumerate(documents):
        progressed(f"Reading {document.name}", number, len(documents))
        settlement, problems = read_settlement(document, country=country, time_zone=time_zone)
        findings.extend(problems)
        if settlement is not None:
            settlements.append(settlement)
            of_settlement[settlement.settlement_id] = tuple(problems)
    return ReadSettlements(tuple(settlements), tuple(findings), of_settlement)


def review_read(
    read: ReadSettlements,
    *,
    mappings: MappingSource,
    settings: SettlementSettings,
    by_orders: Mapping[str, OrdersDraft] | None = None,
) -> Reviews:
    """Check, map and draft what was read; `by_orders` are the drafts of those that go by that method, by their id."""
    findings = dict.fromkeys(read.findings)
    reviews = []
    for settlement in sorted(each_once(read.settlements), key=lambda s: (s.marketplace, s.currency)):
        chart, mapping = mappings.for_country(settlement.marketplace)
        draft = draft_settlement(settlement, mapping, chart, settings)
        orders = (by_orders or {}).get(settlement.settlement_id)
        if orders is not None:
            draft = _by_orders(draft, orders, chart)
        if any_stops(mappings.findings):  # a mapping that was meant otherwise would be a wrong journal
            draft = replace(draft, journals=())
        findings.update(dict.fromkeys(draft.findings))
        own = (*read.of_settlement[settlement.settlement_id], *mappings.findings, *draft.findings)
        reviews.append(Review(settlement, draft, chart, own, orders))
    if read.settlements:
        mapping = mappings.for_country(read.settlements[0].marketplace)[1]
        findings.update(dict.fromkeys(check_chain(read.settlements, mapping)))
    return Reviews(tuple(reviews), tuple(dict.fromkeys((*mappings.findings, *findings))))


def _by_orders(draft: SettlementDraft, orders: OrdersDraft, chart: Chart) -> SettlementDraft:
    """The draft with what the documents by orders do to accounts in the place of the summary's journals."""
    return replace(
        draft, journals=effects_of(orders, chart), findings=orders.findings, unmapped=orders.unmapped, residual=None
    )
