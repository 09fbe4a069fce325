"""The setting of the clock that decides months is changed, and everything goes on."""

from pathlib import Path

from tests.buttons.desk import Desk


def _told(desk: Desk) -> str:
    return " ".join(row.text("what") for row in desk.table("Exceptions").rows)


def test_files_are_imported_again_by_another_clock(imported: Desk) -> None:
    before = imported.states()
    for clock in ("UTC", "Marketplace time"):
        imported.setting("period_zone", clock)
        pressed = imported.press("import-settlements", imported.files)
        assert "known already" in pressed.outcome.message
        assert "settlement-content-changed" not in {finding.code for finding in pressed.outcome.findings}
        assert "says something else" not in _told(imported)
        assert imported.states() == before


def test_one_changed_description_is_an_alarm_that_names_it(imported: Desk, tmp_path: Path) -> None:
    [file] = sorted(imported.files.glob("settlement-us-*.txt"))
    other = tmp_path / "changed.txt"
    other.write_bytes(file.read_bytes().replace(b"Commission", b"Commision"))
    pressed = imported.press("import-settlements", other)
    alarms = [finding for finding in pressed.outcome.findings if finding.code == "settlement-content-changed"]
    assert len(alarms) == 1
    assert "Commission" in alarms[0].what
    assert "is not there" in alarms[0].what
    assert "says something else" in _told(imported)
