"""The worked examples give the journals that were checked by hand."""

from pathlib import Path

import pytest

from tests.golden.worked_example import (
    EXAMPLES,
    FOLDER,
    REWRITE,
    GoldenDiffers,
    as_golden,
    check_golden,
    drafts_of,
    read_example,
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str) -> None:
    check_golden(FOLDER / f"{name}.journal", as_golden(drafts_of(name)))


def test_every_example_has_a_golden_and_every_golden_an_example() -> None:
    assert EXAMPLES
    assert sorted(path.stem for path in FOLDER.glob("*.journal")) == EXAMPLES


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"unknown-fee"}))
def test_totals_were_added_up_by_hand(name: str) -> None:
    for settlement, draft in zip(read_example(name), drafts_of(name), strict=True):
        assert not settlement.difference
        assert draft.journals


def test_a_golden_is_not_overwritten_silently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REWRITE, raising=False)
    golden = tmp_path / "plain.journal"
    with pytest.raises(GoldenDiffers, match="does not exist"):
        check_golden(golden, "new")
    assert not golden.exists()
    golden.write_text("checked by hand", encoding="utf-8")
    with pytest.raises(GoldenDiffers, match="checked by hand"):
        check_golden(golden, "new")
    assert golden.read_text(encoding="utf-8") == "checked by hand"


def test_a_golden_is_rewritten_where_the_environment_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REWRITE, "1")
    golden = tmp_path / "plain.journal"
    golden.write_text("old", encoding="utf-8")
    check_golden(golden, "new")
    assert golden.read_text(encoding="utf-8") == "new"
