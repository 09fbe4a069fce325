"""What downloading for one company needs: its sellers at Amazon, and where what they tell is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tieout.domain.activity import Activity
from tieout.domain.company import Company
from tieout.domain.finding import Finding
from tieout.domain.money import Money
from tieout.domain.settlement import Settlement
from tieout.download_ports import Amazon, DeferredTransactions, Downloads, Listings, Orders, SavedRecords
from tieout.ports import ActivityLog, Clock, Documents, Outbox


class KnownSettlement(Protocol):
    """A settlement as the store knows it."""

    @property
    def settlement_id(self) -> str:
        """Amazon's id."""
        ...

    @property
    def marketplace(self) -> str:
        """The country code of its account."""
        ...

    @property
    def total(self) -> Money:
        """What reached the bank."""
        ...

    @property
    def start(self) -> datetime:
        """The aware moment at which it begins."""
        ...

    @property
    def end(self) -> datetime:
        """The aware moment at which it ends."""
        ...

    @property
    def document_sha256(self) -> str:
        """The content hash of its document."""
        ...


class SettlementRecords(Protocol):
    """The settlements that the company knows, by id."""

    def record(self, settlement: Settlement) -> Finding | None:
        """Know a settlement; the alarm if its id is known with other content."""
        ...

    def get(self, settlement_id: str) -> KnownSettlement | None:
        """The settlement of an id."""
        ...

    def all(self) -> Sequence[KnownSettlement]:
        """Every settlement, by its start."""
        ...


@dataclass(frozen=True, slots=True)
class DownloadDesk:
    """`sellers` holds, for each seller account, its connections, one a region; none where only files are brought."""

    company: Company
    sellers: tuple[tuple[Amazon, ...], ...]
    documents: Documents
    settlements: SettlementRecords
    orders: Orders
    listings: Listings
    deferred: DeferredTransactions
    downloads: Downloads
    outbox: Outbox
    activity: ActivityLog
    clock: Clock
    who: str


@dataclass(frozen=True, slots=True)
class DownloadReport:
    """What a download came to. `what` names it ("settlements"); `new` and `updated` hold ids.

    `asked` reports are being made by Amazon and come with a later download. `requests` were made at Amazon. With
    `sign_in` the credentials must be renewed before it can go on.
    """

    what: str
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unchanged: int = 0
    asked: int = 0
    findings: tuple[Finding, ...] = ()
    requests: int = 0
    sign_in: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything came that was not there before."""
        return bool(self.new or self.updated or self.gone)

    @property
    def complete(self) -> bool:
        """Whether nothing stopped it on the way."""
        return not any(finding.stops for finding in self.findings)

    @property
    def summary(self) -> str:
        """What came, in a sentence."""
        parts = [f"{len(self.new):,} new"]
        parts += [f"{len(self.updated):,} updated"] if self.updated else []
        parts += [f"{len(self.cancelled):,} of them cancelled since"] if self.cancelled else []
        parts += [f"{len(self.gone):,} no longer listed"] if self.gone else []
        parts += [f"{self.unchanged:,} known before"]
        parts += [f"{self.asked:,} asked for, which come with a later download"] if self.asked else []
        return f"{self.what[0].upper()}{self.what[1:]}: {', '.join(parts)}."


@dataclass(slots=True)
class Tally:
    """A download's report in the making."""

    what: str
    new: dict[str, None] = field(default_factory=dict)
    updated: dict[str, None] = field(default_factory=dict)
    cancelled: dict[str, None] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    unchanged: int = 0
    asked: int = 0
    findings: dict[Finding, None] = field(default_factory=dict)
    sign_in: bool = False

    def count(self, saved: SavedRecords) -> None:
        """Add what saving records came to."""
        self.new.update(dict.fromkeys(saved.new))
        self.updated.update(dict.fromkeys(saved.updated))
        self.gone.update(dict.fromkeys(saved.gone))
        self.unchanged += saved.unchanged

    def say(self, findings: Sequence[Finding]) -> None:
        """Add findings, each once."""
        self.findings.update(dict.fromkeys(findings))

    def report(self, desk: DownloadDesk, requests_before: int) -> DownloadReport:
        """The report; where anything came, the activity log tells of it. StoreUnwritable where it can't."""
        made = self._made(desk, requests_before)
        if made.changed:
            what, subject = f"downloaded {made.what}", desk.company.name
            desk.activity.append(Activity(desk.clock.now(), desk.who, what, subject, after=made.summary))
        return made

    def stopped(self, desk: DownloadDesk, requests_before: int, finding: Finding) -> DownloadReport:
        """The report of a download that the store could not take: nothing can be written, not even in the log."""
        self.say([finding])
        return self._made(desk, requests_before)

    def _made(self, desk: DownloadDesk, requests_before: int) -> DownloadReport:
        return DownloadReport(
            what=self.what,
            new=tuple(self.new),
            updated=tuple(one for one in self.updated if one not in self.new),
            cancelled=tuple(self.cancelled),
            gone=tuple(self.gone),
            unchanged=self.unchanged,
            asked=self.asked,
            findings=tuple(self.findings),
            requests=requests_made(desk) - requests_before,
            sign_in=self.sign_in,
        )


def requests_made(desk: DownloadDesk) -> int:
    """How many requests all sellers' connections made so far."""
    return sum(regions[0].requests for regions in desk.sellers if regions)
