"""Worked examples: settlements in a short text an accountant can check by hand, and the journals they must give.

`<name>.rows` is the input. A line `settlement <id> <country> <currency> <start> <end> <total>` begins a settlement;
its total is added up by hand, as Amazon's file would tell it. A row is `<day> | <three words> | <order> | <amount>`,
the words separated by " / ". Lines beginning with # are notes.

`<name>.journal` is the output: the journals as text, the rule that decided each kind of row, and the findings. It is
compared, and never rewritten unless the environment says so (TIEOUT_REWRITE_GOLDEN=1); the change then shows in the
version control, where a person reads it.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.rules.in_memory import Row, settlement
from tieout.domain.journal import as_text
from tieout.domain.money import Money
from tieout.domain.settings import SettlementSettings
from tieout.domain.settlement import Settlement
from tieout.rules.charts import load_chart
from tieout.rules.draft_settlement import SettlementDraft, draft_settlement
from tieout.rules.fee_rule import FeeRules
from tieout.rules.mapping import Mapping

FOLDER = Path(__file__).resolve().parent
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.rows"))
REWRITE = "TIEOUT_REWRITE_GOLDEN"


@dataclass
class _Head:
    settlement_id: str
    country: str
    currency: str
    start: date
    end: date
    total: int
    rows: list[Row] = field(default_factory=list)


def read_example(name: str) -> tuple[Settlement, ...]:
    """The settlements of an example."""
    heads: list[_Head] = []
    for line in (FOLDER / f"{name}.rows").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("settlement "):
            _, number, country, currency, start, end, total = line.split()
            minor = Money.parse(total, currency).minor
            heads.append(_Head(number, country, currency, date.fromisoformat(start), date.fromisoformat(end), minor))
        else:
            day, words, order, amount = (part.strip() for part in line.split("|"))
            transaction, place, description = words.split(" / ")
            minor = Money.parse(amount, heads[-1].currency).minor
            heads[-1].rows.append(Row(date.fromisoformat(day), (transaction, place, description), minor, order))
    return tuple(
        settlement(
            head.rows,
            settlement_id=head.settlement_id,
            country=head.country,
            currency=head.currency,
            start=head.start,
            end=head.end,
            total=head.total,
            file=f"{name}.rows",
        )
        for head in heads
    )


def drafts_of(name: str, dictionary: FeeRules | None = None) -> tuple[SettlementDraft, ...]:
    """The drafts of an example, with default settings and the default chart of its country."""
    drafts = []
    for example in read_example(name):
        chart = load_chart(example.marketplace)
        mapping = Mapping(chart, dictionary=dictionary)
        drafts.append(draft_settlement(example, mapping, chart, SettlementSettings()))
    return tuple(drafts)


def as_golden(drafts: Sequence[SettlementDraft]) -> str:
    """The text that a golden file holds."""
    return "\n".join("\n".join(_sections(draft)) for draft in drafts)


def _sections(draft: SettlementDraft) -> Iterator[str]:
    yield f"== settlement {draft.settlement_id}\n"
    yield as_text(draft.journals) if draft.journals else "no journal\n"
    yield "decided by"
    for kind in draft.mapped:
        facilitated = " (facilitated)" if kind.facilitated else ""
        yield f"  {kind.kind}{facilitated} -> {kind.rule}: {kind.group}, {kind.account}, {kind.amount}"
    yield "findings" if draft.findings else "no findings"
    for finding in draft.findings:
        yield f"  {finding.code} ({finding.severity}): {finding.what}"
    yield ""


class GoldenDiffers(AssertionError):
    """What is made is not what the golden file holds."""


def check_golden(path: Path, text: str) -> None:
    """Compare with a golden file; GoldenDiffers if it is missing or other, unless the environment says rewrite."""
    if os.environ.get(REWRITE) == "1":
        path.write_text(text, encoding="utf-8")
        return
    if not path.exists():
        raise GoldenDiffers(f"{path.name} does not exist; read what was made, then run with {REWRITE}=1:\n{text}")
    held = path.read_text(encoding="utf-8")
    if held != text:
        raise GoldenDiffers(f"{path.name} holds\n{held}\nbut this was made (if it is right, {REWRITE}=1):\n{text}")
