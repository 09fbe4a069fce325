"""What posting came to: a tie-out for people, and the command line's JSON."""

from collections.abc import Iterable
from typing import Any

from tieout.cli.terminal import Terminal, finding_json
from tieout.commands.demo import Demo, DemoOrders
from tieout.commands.post_settlements import POSTED, PostedSettlement, PostedSettlements
from tieout.commands.posting_run import How
from tieout.domain.finding import Finding
from tieout.domain.money import Money

_COLUMNS = ("Settlement", "Market", "State", "Amazon", "Rows", "Posted", "QuickBooks", "Difference")


def print_posted(terminal: Terminal, result: PostedSettlements) -> None:
    """The tie-out: Amazon, rows, posted, QuickBooks, difference; and what was written."""
    if not result.settlements:
        return
    terminal.table("Tie-out", _COLUMNS, (_row(each) for each in result.settlements), right=frozenset(range(3, 8)))
    created, adopted = result.report.count(How.CREATED), result.report.count(How.ADOPTED)
    already = result.report.count(How.ALREADY)
    terminal.say(f"Documents: {created} created, {adopted} found in QuickBooks and adopted, {already} posted before.")
    if result.report.created_accounts:
        terminal.say(f"Made in QuickBooks because it was missing: {', '.join(result.report.created_accounts)}.")


def print_orders(terminal: Terminal, orders: DemoOrders) -> None:
    """What became of the demo's orders."""
    rest = orders.downloaded - orders.posted - orders.errors
    terminal.say(
        f"Orders: {orders.downloaded} downloaded, {orders.posted} posted, {orders.errors} on Errors.", "bold"
    )
    if orders.failed_at_first:
        terminal.say(f"  {orders.failed_at_first} of them went through Errors: {orders.why}")
        terminal.say(f"  They posted after {orders.repaired}.")
    if rest:
        terminal.say(f"  {rest} are not posted: pending, cancelled, or sold elsewhere and only shipped by Amazon.")


def posted_json(result: PostedSettlements, findings: Iterable[Finding]) -> dict[str, Any]:
    """The JSON of `tieout settlement post`; amounts are decimal strings, null where a figure is not known."""
    told = list(findings)
    return {
        "settlements": [settlement_json(each) for each in result.settlements],
        "accounts_created": list(result.report.created_accounts),
        "journals_created": result.report.count(How.CREATED),
        "journals_adopted": result.report.count(How.ADOPTED),
        "journals_posted_before": result.report.count(How.ALREADY),
        "errors": [finding_json(finding) for finding in told if finding.stops],
        "notices": [finding_json(finding) for finding in told if not finding.stops],
    }


def demo_json(demo: Demo) -> dict[str, Any]:
    """The JSON of `tieout demo`; `errors` of its orders are those that are on Errors at the end."""
    posted, orders = posted_json(demo.posted, demo.findings), demo.orders
    return {
        "orders": {
            "downloaded": orders.downloaded,
            "posted": orders.posted,
            "errors": orders.errors,
            "failed_at_first": orders.failed_at_first,
        },
        "settlements": posted["settlements"],
        "files": [str(path) for path in demo.files],
        "errors": posted["errors"],
        "notices": posted["notices"],
    }


def settlement_json(posted: PostedSettlement) -> dict[str, Any]:
    """One settlement's tie-out, as `tieout demo` and `tieout settlement post` give it."""
    tie = posted.tie
    return {
        "settlement_id": tie.settlement_id,
        "marketplace": tie.marketplace,
        "currency": tie.currency,
        "state": posted.state,
        "amazon_total": tie.amazon_total.decimal,
        "rows_total": tie.rows_total.decimal,
        "posted_total": _decimal(tie.posted_total if posted.state == POSTED else None),
        "quickbooks_total": _decimal(tie.quickbooks_total),
        "difference": tie.difference.decimal if tie.quickbooks_total is not None else None,
        "journals": [
            {
                "doc_number": row.journal.doc_number,
                "state": str(row.state) if row.state else None,
                "quickbooks_id": row.quickbooks_id or None,
            }
            for row in posted.journals
        ],
    }


def _row(posted: PostedSettlement) -> tuple[str, ...]:
    tie = posted.tie
    return (
        tie.settlement_id,
        f"{tie.marketplace} {tie.currency}",
        posted.state,
        tie.amazon_total.decimal,
        tie.rows_total.decimal,
        _decimal(tie.posted_total if posted.state == POSTED else None) or "-",
        _decimal(tie.quickbooks_total) or "-",
        tie.difference.decimal if posted.state == POSTED else "-",
    )


def _decimal(amount: Money | None) -> str | None:
    return amount.decimal if amount is not None else None
