"""Real settlement files by the orders method, no order downloaded: posted, proved and exported by the buttons."""

from pathlib import Path

from tests.buttons.desk import Desk


def test_real_settlements_from_the_file_to_the_proof(desk: Desk, real_settlements: list[Path]) -> None:
    """A row of the V1 layout holds amounts of several kinds: each of them is proved in its own line."""
    desk.setting("method", "Orders and settlement")
    results = {
        button: desk.press(button, *(real_settlements if button == "import-settlements" else ())).outcome
        for button in ("import-settlements", "post-settlements", "reconcile", "export-reconciliation", "proof-pack")
    }
    assert {button: str(one.result) for button, one in results.items()} == dict.fromkeys(results, "Done"), results
    assert set(desk.states().values()) == {"Posted"}
    differences = [row.text("difference") for row in desk.table("Reconciliation").rows]
    assert differences
    assert not {text for text in differences if text.strip("0.,- ")}
