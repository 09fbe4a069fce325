"""Rows of Settlements and Settlement Lines, from settlements and their drafts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tieout.domain.calendar import local_day
from tieout.domain.journal import Journal
from tieout.domain.money import Money
from tieout.domain.settings import Method
from tieout.domain.settlement import Kind, Settlement, SettlementLine
from tieout.reconcile.tie_out import TieOut, tie_out
from tieout.rules.draft_settlement import SettlementDraft
from tieout.rules.draft_settlement_orders import OrdersDraft
from tieout.rules.ledger_effect import OWN, journals_proved
from tieout.sheets.exports.cells import file_name
from tieout.sheets.exports.proof import SettlementProof
from tieout.sheets.exports.trace import Strand, Strands
from tieout.sheets.order_landings import OrderLandings
from tieout.sheets.port import Row

READY, NEW, BLOCKED, POSTED, POSTING, UNKNOWN, UNDONE, CHANGED_THERE = (
    *("Ready", "New", "Blocked", "Posted", "Posting", "Unknown", "Undone"),
    "Changed in QuickBooks",
)
TIES_OUT, DIFFERS, NOT_POSTED, NOT_READ_BACK = "Ties out", "Differs", "Not posted", "Not read back"
METHODS = {Method.ORDERS: "Orders and settlement", Method.SUMMARY: "Settlement summary"}
_NUMBERS_TOLD_MAX = 3


@dataclass(frozen=True, slots=True)
class ShownSettlement:
    """A settlement as the sheets show it. `posted` are its journals that stand in QuickBooks, under their numbers.

    `tie` is what was read back just now; None where QuickBooks was not asked, and then the sheet keeps what an
    earlier press read back. So it does with `why` where that is None. `ids` gives QuickBooks' ids by number;
    `site` is the web app that shows them. `orders` are the documents of one that goes by orders, of which the
    journals say what they do to accounts.
    """

    settlement: Settlement
    draft: SettlementDraft
    state: str
    why: str | None = ""
    posted: tuple[Journal, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    posted_at: datetime | None = None
    tie: TieOut | None = None
    site: str = ""
    orders: OrdersDraft | None = None

    @property
    def settlement_id(self) -> str:
        """Its id."""
        return self.settlement.settlement_id

    @property
    def method(self) -> Method:
        """The method by which it is posted, or would be."""
        return Method.SUMMARY if self.orders is None else Method.ORDERS

    def proof(self) -> SettlementProof:
        """What a proof of it is made from."""
        draft = replace(self.draft, journals=journals_proved(self.draft.journals, self.orders))
        tie = self.tie if self.tie is not None else tie_out(self.settlement, draft)
        ids = {**self.ids, OWN: OWN} if self.posted else self.ids
        return SettlementProof(self.settlement, draft, tie, self.state, ids, self.orders)


def settlement_row(shown: ShownSettlement) -> Row:
    """Its row on Settlements."""
    settlement, draft = shown.settlement, shown.draft
    journals = shown.posted or draft.journals
    posted_total = _total(shown)
    row: dict[str, object] = {
        "settlement_id": settlement.settlement_id,
        "state": shown.state,
        "marketplace": settlement.marketplace,
        "start": local_day(settlement.start, settlement.time_zone),
        "end": local_day(settlement.end, settlement.time_zone),
        "deposit_date": local_day(settlement.deposit, settlement.time_zone) if settlement.deposit else None,
        "currency": settlement.currency,
        "amazon_total": settlement.total,
        "rows_total": settlement.sum_of_rows,
        "difference": settlement.difference,
        "posted_total": posted_total,
        "line_count": len(settlement.lines),
        "unmapped": sum(kind.rows for kind in draft.unmapped),
        "parts": len(journals) or None,
        "method": METHODS[shown.method],
        "doc_numbers": numbers_told([journal.doc_number for journal in journals]),
        "posted_at": shown.posted_at,
        "file": file_name(settlement.origin.file),
        "sha256": settlement.origin.sha256,
        "quickbooks_url": _address(shown),
    }
    if shown.why is not None:
        row["why"] = shown.why
    if not shown.posted:
        row |= {"quickbooks_total": None, "tie_out": NOT_POSTED}
    elif shown.tie is not None:
        row |= {"quickbooks_total": shown.tie.quickbooks_total, "tie_out": tie_state(shown)}
    return row  # type: ignore[return-value]


def tie_state(shown: ShownSettlement) -> str:
    """How a settlement ties out, in the sheet's words."""
    if not shown.posted:
        return NOT_POSTED
    if shown.tie is None or shown.tie.quickbooks_total is None:
        return NOT_READ_BACK
    return TIES_OUT if shown.tie.ties else DIFFERS


def numbers_told(numbers: Sequence[str]) -> str:
    """Document numbers, several of a kind in a row as the first and the last: "AMZ-1-1J, AMZ-1-1C to AMZ-1-7C"."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and _kind_of(runs[-1][-1]) == _kind_of(number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > _NUMBERS_TOLD_MAX else ", ".join(run) for run in runs)


def _kind_of(number: str) -> str:
    """The letters at its end, which say the kind of document."""
    return number[len(number.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) :]


def line_rows(shown: ShownSettlement, seen: dict[Kind, tuple[date, date]]) -> Iterator[Row]:
    """Its rows on Settlement Lines; `seen` takes down the first and last day of each kind as they pass."""
    of_line = _of_lines(shown)
    for line in shown.settlement.lines.lines():
        constant = of_line(line)
        fields = dict(line.fields)
        first, last = seen.get(line.kind, (line.posted, line.posted))
        seen[line.kind] = min(first, line.posted), max(last, line.posted)
        quantity = fields.get("quantity-purchased", "").strip()
        yield {
            **constant,
            "row": line.row,
            "posted": line.posted,
            "amount": line.amount,
            "order_id": line.order_id,
            "sku": line.sku,
            "quantity": int(quantity) if quantity.isascii() and quantity.isdigit() else None,
            "adjustment_id": fields.get("adjustment-id", ""),
            "shipment_id": fields.get("shipment-id", ""),
            "order_item_code": fields.get("order-item-code", ""),
            "promotion_id": fields.get("promotion-id", ""),
        }


def _of_lines(shown: ShownSettlement) -> Callable[[SettlementLine], dict[str, str]]:
    """What a line shares with others: whose it is, its words, and where it landed."""
    if shown.orders is not None and shown.orders.rest is not None:
        landings = OrderLandings(shown.orders, shown.draft)

        def by_orders(line: SettlementLine) -> dict[str, str]:
            landed = landings.of(line)
            told = {"group": landed.group, "account": landed.account, "doc_number": landed.doc_number}
            return {**_words(shown, line.kind), **told}

        return by_orders
    strands = Strands(shown.proof())
    begun: dict[int, dict[str, str]] = {}

    def in_summary(line: SettlementLine) -> dict[str, str]:
        strand = strands.of(line)
        constant = begun.get(id(strand))
        if constant is None:
            constant = begun[id(strand)] = _of_strand(shown, strand)
        return constant

    return in_summary


def _words(shown: ShownSettlement, kind: Kind) -> dict[str, str]:
    return {
        "settlement_id": shown.settlement_id,
        "currency": shown.settlement.currency,
        "transaction_type": kind.transaction_type,
        "amount_type": kind.amount_type,
        "amount_description": kind.amount_description,
        "marketplace_name": kind.marketplace_name,
    }


def _of_strand(shown: ShownSettlement, strand: Strand) -> dict[str, str]:
    """What all lines of a strand share."""
    known = strand.landing is not None or strand.mapped is not None
    return {
        **_words(shown, strand.kind),
        "group": strand.group if known else "",
        "account": strand.account,
        "doc_number": strand.landing.journal.doc_number if strand.landing else "",
    }


def _total(shown: ShownSettlement) -> Money | None:
    """What was posted to bank, card or clearing for it; None where nothing is posted."""
    if not shown.posted:
        return None
    if shown.tie is not None:
        return shown.tie.posted_total
    proved = journals_proved(shown.posted, shown.orders)
    return tie_out(shown.settlement, as_posted(shown.draft, proved)).posted_total


def as_posted(draft: SettlementDraft, posted: Sequence[Journal]) -> SettlementDraft:
    """The draft with the journals as they were posted."""
    return SettlementDraft(
        settlement_id=draft.settlement_id,
        journals=tuple(posted),
        findings=draft.findings,
        unmapped=draft.unmapped,
        mapped=draft.mapped,
        accounts=draft.accounts,
        facilitation=draft.facilitation,
        residual=draft.residual,
    )


def _address(shown: ShownSettlement) -> str:
    """The web page of its first journal in QuickBooks; a practice company has none."""
    first = next((shown.ids.get(journal.doc_number, "") for journal in shown.posted), "")
    return f"{shown.site}journal?txnId={first}" if first and shown.site else ""


def all_line_rows(
    settlements: Iterable[ShownSettlement], seen: dict[str, dict[Kind, tuple[date, date]]]
) -> Iterator[Row]:
    """The lines of several settlements; `seen` takes down the days by settlement."""
    for shown in settlements:
        yield from line_rows(shown, seen.setdefault(shown.settlement_id, {}))
