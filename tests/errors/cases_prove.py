"""What proving finds: exports without a workbook."""

from tests.errors.case import ErrorCase
from tieout.commands.presses.last_book import no_book
from tieout.domain.company import Company

CASES = [
    ErrorCase(
        "export-without-workbook",
        "An export with no workbook to go by",
        "Settings and fee mappings live in the workbook. `tieout export` takes those of the workbook that was last"
        " posted or proved from, where that is still on this computer.",
        lambda _: [no_book(Company("acme", "Acme", "US", "USD"))],
    ),
]
