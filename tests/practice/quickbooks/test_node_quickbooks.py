"""node-quickbooks from npm, unmodified but for its addresses, does its work against a practice company.

Skips where there is no Node, or npm cannot install the package (no registry within reach).
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tieout.practice.quickbooks import PracticeQuickBooks

HERE = Path(__file__).parent / "node"
INSTALL = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script and the installed package."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("Node and npm are not on this machine: node-quickbooks is not tried")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "check.js"):
        shutil.copy(HERE / name, folder / name)
    try:
        installed = subprocess.run(
            [npm, *INSTALL], cwd=folder, capture_output=True, text=True, timeout=180, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm found no registry in time: node-quickbooks is not tried")
    if installed.returncode:
        pytest.skip(f"npm could not install node-quickbooks: {installed.stderr.strip()[-200:]}")
    return folder


def test_node_quickbooks_works_unmodified(package: Path) -> None:
    with PracticeQuickBooks(limits=False) as practice:
        accounts = len(practice.transactions("Account"))
        run = subprocess.run(
            ["node", "check.js"],
            cwd=package,
            env={**os.environ, "PRACTICE": json.dumps(practice.connection()), "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        seen: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
        assert seen == {
            "rotated": True,
            "country": "US",
            "homeCurrency": "USD",
            "accounts": accounts,
            "paged": accounts,
            "replayed": True,
            "found": 1,
            "unbalanced": {"fault": "2300"},
            "updated": ["1", 2],
            "duplicate": {"fault": "6140"},
            "allowed": 19.99,
            "balance": 0,
            "voided": 0,
            "voidedInvoice": "Voided",
            "batch": ["In batch", "6240", 1],
            "attached": ["proof.txt", True],
            "changes": [1, 2],
            "report": ["TOTAL", "32.33", "32.33"],
            "deleted": "Deleted",
            "gone": {"fault": "610"},
        }
