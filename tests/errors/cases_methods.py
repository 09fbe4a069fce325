"""A way of posting that is not there."""

import json
from collections.abc import Iterable
from pathlib import Path

from typer.testing import CliRunner

from tests.errors.case import ErrorCase
from tests.parse.making import small_file
from tieout.cli.app import app
from tieout.domain.finding import Finding, Severity


def _orders(folder: Path) -> Iterable[Finding]:
    path = folder / "settlement.txt"
    path.write_bytes(small_file().content)
    result = CliRunner().invoke(app, ["settlement", "show", str(path), "--method", "orders", "--json"])
    for error in json.loads(result.stdout.splitlines()[-1])["errors"]:
        what, _, to_do = error["message"].partition(". ")
        yield Finding(error["code"], Severity(error["severity"]), f"{what}.", to_do)


CASES = [
    ErrorCase(
        code="method-not-available",
        title="A posting method that the command line does not have yet",
        meaning=(
            "Under the method *orders* each order is a document of its own, and its settlement holds fees and "
            "payments alone. A summary journal in its place would look right, and record every order's revenue twice."
        ),
        provoke=_orders,
    ),
]
