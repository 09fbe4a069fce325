"""File to drafts against DuckDB's bare `sum(amount) … group by` over the same file, in the same run.

`python benchmarks/settlement.py` makes settlement files of 10,000, 100,000 and 1,000,000 lines, reads each with both,
in turn and each time in a process of its own, and prints wall times, their ratio, peak memory and how time grows
with lines. Both see the file in the system's cache. DuckDB adds floating-point numbers up and checks nothing; Tieout
reads every amount exactly, proves the total, maps every kind and drafts the journals. It asserts what was read, and
nothing of time: a machine's speed is its own. Needs the `bench` extra.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LINES = (10_000, 100_000, 1_000_000)
# What is aimed at.
RATIO_AIM = 3
PEAK_MIB_AIM = 1024


@dataclass(frozen=True)
class Run:
    """One process from start to end."""

    seconds: float
    peak_mib: float
    said: dict[str, object]


def tieout(path: Path) -> dict[str, object]:
    """Read, prove, map and draft; what was found."""
    from tieout.commands.files import read_documents
    from tieout.domain.settings import SettlementSettings
    from tieout.parse.settlement_file import read_settlement
    from tieout.rules.charts import load_chart
    from tieout.rules.draft_settlement import draft_settlement
    from tieout.rules.mapping import Mapping

    (document,), unread = read_documents([path])
    settlement, findings = read_settlement(document)
    assert settlement is not None
    assert not unread
    assert not findings
    chart = load_chart(settlement.marketplace)
    draft = draft_settlement(settlement, Mapping(chart), chart, SettlementSettings())
    assert not draft.findings
    return {
        "lines": len(settlement.lines),
        "total": settlement.total.minor,
        "journals": len(draft.journals),
        "rows": sum(line.rows for journal in draft.journals for line in journal.lines),
    }


def duckdb(path: Path) -> dict[str, object]:
    """The bare query; `null_padding` because real rows may lack their last field."""
    import duckdb

    rows = duckdb.sql(
        'select "transaction-type", "amount-type", "amount-description", sum(amount), count(*) '
        f"from read_csv('{path}', delim = '\t', quote = '', header = true, null_padding = true) group by all"
    ).fetchall()
    return {"kinds": len(rows), "rows": sum(row[4] for row in rows)}


READERS = {"tieout": tieout, "duckdb": duckdb}


def run(reader: str, path: Path) -> Run:
    """A reader in a process of its own: wall time from outside, and the system's figure of its peak memory."""
    started = time.perf_counter()
    command = [sys.executable, __file__, "--reader", reader, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{reader} ended with status {process.returncode}")
    # Linux counts in KiB, macOS in bytes.
    peak_mib = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Run(seconds, peak_mib, json.loads(said))


def compare(path: Path, lines: int, total: int, times: int) -> float:
    """Prints a line of the table; our median seconds."""
    pairs = [(run("tieout", path), run("duckdb", path)) for _ in range(times + 1)][1:]  # the first pair warms up
    for ours, theirs in pairs:
        assert ours.said["total"] == total
        assert ours.said["lines"] == ours.said["rows"] == lines
        assert theirs.said["rows"] == lines + 1  # it counts the summary row too
    own = statistics.median(ours.seconds for ours, _ in pairs)
    bare = statistics.median(theirs.seconds for _, theirs in pairs)
    ratio = statistics.median(ours.seconds / theirs.seconds for ours, theirs in pairs)
    peak = max(ours.peak_mib for ours, _ in pairs)
    peak_bare = max(theirs.peak_mib for _, theirs in pairs)
    size = path.stat().st_size / 2**20
    print(
        f"{lines:>9,}  {size:>7.1f}  {own:>8.3f}  {bare:>8.3f}  {ratio:>6.2f}  {peak:>10.0f}  {peak_bare:>10.0f}",
        flush=True,
    )
    return own


def main() -> None:
    """Makes the files, runs both readers on each, prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, nargs="*", default=LINES, help="sizes of the files")
    options.add_argument("--times", type=int, default=5, help="counted runs of each reader")
    options.add_argument("--reader", nargs=2, metavar=("READER", "FILE"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.reader:
        reader, file = chosen.reader
        print(json.dumps(READERS[reader](Path(file))))
        return
    from tieout.practice.shop import write_settlement_file

    print(f"{os.cpu_count()} processors; medians of {chosen.times} runs, each a whole process")
    print(f"{'lines':>9}  {'MiB':>7}  {'tieout s':>8}  {'duckdb s':>8}  {'ratio':>6}  {'tieout MiB':>10}  duckdb MiB")
    seconds: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for lines in chosen.lines:
            path = Path(folder) / f"settlement-{lines}.txt"
            total = write_settlement_file(path, lines=lines, seed=1)
            seconds[lines] = compare(path, lines, total, chosen.times)
    fewest, most = min(seconds), max(seconds)
    if most > fewest:
        each = (seconds[most] - seconds[fewest]) / (most - fewest) * 1e6
        print(f"growth from {fewest:,} to {most:,} lines: {each:.2f} s a million lines more")
    print(f"aims at 1,000,000 lines: ratio at most {RATIO_AIM}, peak below {PEAK_MIB_AIM} MiB")


if __name__ == "__main__":
    main()
