"""A user's fee mappings, read against the chart of accounts they are used with."""

import errno
from collections.abc import Callable
from collections.abc import Mapping as Charts
from dataclasses import dataclass, field
from pathlib import Path

from tieout.domain.account import Chart
from tieout.domain.finding import Finding, Severity
from tieout.domain.origin import Origin
from tieout.limits import SMALL_FILE_BYTES_MAX
from tieout.plain_file import read_plain_file
from tieout.rules.charts import load_chart
from tieout.rules.fee_rule import FeeRule, FeeRules
from tieout.rules.mapping import Mapping
from tieout.rules.mapping_file import Row, read_mapping_csv, read_mapping_rows


@dataclass(slots=True)
class MappingSource:
    """The fee dictionary under a user's rows, for one chart or for the default chart of each country.

    `chart` is the company's; without one each settlement is drafted with its own country's default chart. `charts`
    are those of single countries, where they differ. The rows are those of a CSV file (`text`), or of a sheet
    (`rows`, whose findings `located` brings to their cells).
    """

    chart: Chart | None = None
    text: str = ""
    file_name: str = ""
    rows: tuple[Row, ...] = ()
    charts: Charts[str, Chart] = field(default_factory=dict)
    located: Callable[[Finding], Finding] = lambda finding: finding
    _by_country: dict[str, tuple[Chart, Mapping]] = field(default_factory=dict)
    _findings: dict[Finding, None] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the user's rows, for the charts used so far."""
        return tuple(self._findings)

    def for_country(self, country: str) -> tuple[Chart, Mapping]:
        """The chart and mapping for a settlement of a country."""
        own = self.charts.get(country)
        key = country if own is not None or self.chart is None else ""
        if key not in self._by_country:
            chart = own or self.chart or load_chart(country)
            rules, problems = self._read(chart)
            self._findings.update(dict.fromkeys(problems))
            self._by_country[key] = (chart, Mapping(chart, FeeRules(rules)))
        return self._by_country[key]

    def _read(self, chart: Chart) -> tuple[tuple[FeeRule, ...], tuple[Finding, ...]]:
        if self.text:
            return read_mapping_csv(self.text, self.file_name, chart)
        rules, problems = read_mapping_rows(self.rows, chart)
        return rules, tuple(self.located(problem) for problem in problems)


def read_mapping_source(path: Path | None, chart: Chart | None) -> MappingSource | Finding:
    """The mappings of a CSV file, or the dictionary alone; the finding if the file can't be read as text."""
    if path is None:
        return MappingSource(chart)
    try:
        text = read_plain_file(path, SMALL_FILE_BYTES_MAX).decode("utf-8-sig")
        if not text.strip():  # without rows it would be as if no file had been named
            raise OSError(errno.EINVAL, "it is empty")
        return MappingSource(chart, text, path.name)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        return Finding(
            code="mapping-file-unreadable",
            severity=Severity.REFUSED,
            what=f"The mapping file {path} can't be read: {reason or type(error).__name__}.",
            to_do="Check its path; save it as CSV in UTF-8.",
            where=Origin(path.name),
        )
