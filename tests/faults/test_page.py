"""The page of what goes wrong names tests that are there."""

import re
from pathlib import Path

PAGE = Path(__file__).with_name("README.md")


def test_every_test_that_the_page_names_is_there(root: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 25
    for file, test in named:
        assert not test or f"def {test}(" in (root / file).read_text(encoding="utf-8"), (file, test)
