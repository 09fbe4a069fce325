"""What a user can cause, and is told: a finding. It is a value that rules return, not an exception they raise.

Every finding says what happened, where, and what to do. Every code has a page in docs/errors.md, made from a
test that provokes it (tests/errors).
"""

from dataclasses import dataclass
from enum import StrEnum

from tieout.domain.origin import Cell, Origin


class Severity(StrEnum):
    """How much a finding stops."""

    REFUSED = "refused"  # the input could not be read; nothing of it is used
    BLOCKED = "blocked"  # it was read, but does not post until someone decides
    NOTICE = "notice"  # worth a look; stops nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know or decide.

    `code` is stable and documented ("settlement-total-differs"). `what` and `to_do` are whole sentences.
    `where` names the file and row, or the sheet and cell; `subject` the settlement, order or SKU it is about.
    `column` is the file's column where one is at fault.
    """

    code: str
    severity: Severity
    what: str
    to_do: str
    where: Origin | Cell | None = None
    subject: str = ""
    column: str = ""

    @property
    def stops(self) -> bool:
        """Whether what it is about may not post."""
        return self.severity is not Severity.NOTICE

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where is not None else ""
        return f"{place}{self.what} {self.to_do}"


def any_stops(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """Whether one of `findings` forbids posting."""
    return any(finding.stops for finding in findings)
