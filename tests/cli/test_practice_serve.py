"""A practice company with a folder for its state: stopped and started again, it is where it was."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from typer.testing import CliRunner

from tieout.cli.app import app
from tieout.commands.practice_servers import PracticeWorld, practice_servers

SETTLEMENTS = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"


def test_a_company_finds_its_practice_servers_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign-in is the one of yesterday, the books hold what was posted, and nothing is posted twice."""
    monkeypatch.setenv("TIEOUT_HOME", str(tmp_path / "home"))
    world = PracticeWorld(orders=40, marketplaces=("US",), state=tmp_path / "practice books")
    files = tmp_path / "files"
    files.mkdir()
    for settlement in world.shop().settlements:
        (files / settlement.file_name).write_bytes(settlement.flat_file_v2())

    def post() -> dict[str, object]:
        result = CliRunner().invoke(app, ["settlement", "post", str(files), "--json"])
        assert result.exit_code == 0, result.output
        said: dict[str, object] = json.loads(result.stdout.strip().splitlines()[-1])
        return said

    with practice_servers(world) as first:
        (tmp_path / "practice.json").write_text(json.dumps(first), encoding="utf-8")
        added = CliRunner().invoke(app, ["company", "add", "Acme", "--practice", str(tmp_path / "practice.json")])
        assert added.exit_code == 0, added.output
        created = post()["journals_created"]
        assert isinstance(created, int)
        assert created > 0
    with practice_servers(world) as again:
        assert again["quickbooks"]["endpoint"] == first["quickbooks"]["endpoint"]
        assert again["amazon"]["endpoint"] == first["amazon"]["endpoint"]
        said = post()
    assert (said["journals_created"], said["journals_posted_before"]) == (0, created)
    assert {settlement["difference"] for settlement in said["settlements"]} == {"0.00"}  # type: ignore[attr-defined]


def test_it_does_not_run_twice_on_one_folder(tmp_path: Path) -> None:
    world = PracticeWorld(orders=40, marketplaces=("US",), state=tmp_path)
    with practice_servers(world), pytest.raises(ValueError, match="running already"), practice_servers(world):
        pass


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    world = PracticeWorld(orders=40, marketplaces=("US",), state=tmp_path / "mine")
    with pytest.raises(ValueError, match="can't be written"), practice_servers(world):
        pass
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


class Day:
    """A clock that stands at a moment until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)

    def sleep_milliseconds(self, milliseconds: int) -> None:
        self.at += timedelta(milliseconds=milliseconds)


class Client:
    """Somebody else's client, whose windows end at its own now."""

    def __init__(self, connection: dict[str, Any], day: Day) -> None:
        self._amazon, self._day = connection["amazon"], day
        names = ("client_id", "client_secret", "refresh_token")
        form = {"grant_type": "refresh_token", **{name: self._amazon[name] for name in names}}
        token = requests.post(self._amazon["lwa"], data=form, timeout=5).json()["access_token"]
        self._headers = {"x-amz-access-token": token}
        self.limit = ""

    def back(self, **span: int) -> str:
        return (self._day.at - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = requests.get(self._amazon["endpoint"] + path, params=asked, headers=self._headers, timeout=5)
        assert answer.status_code == 200, answer.text
        self.limit = answer.headers["x-amzn-RateLimit-Limit"]
        return answer.json()  # type: ignore[no-any-return]

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = requests.post(self._amazon["endpoint"] + path, json=body, headers=self._headers, timeout=5)
        assert answer.status_code == 202, answer.text
        return answer.json()  # type: ignore[no-any-return]


TODAY = datetime.now(UTC).replace(microsecond=0)
DAYS = [TODAY, TODAY + timedelta(days=365), datetime(2027, 3, 12, 23, 59, 59, tzinfo=UTC)]


@pytest.mark.parametrize("now", DAYS, ids=["today", "in a year", "the day before a world is a month old"])
def test_the_last_days_of_any_client_hold_data(now: datetime) -> None:
    day = Day(now)
    with practice_servers(PracticeWorld(orders=60, start=None), clock=day) as connection:
        client = Client(connection, day)
        places = connection["amazon"]["marketplaces"]
        asked = {
            "reportType": ORDERS,
            "marketplaceIds": places[:1],
            "dataStartTime": client.back(days=30),
            "dataEndTime": client.back(),
        }
        report = client.post("/reports/2021-06-30/reports", asked)["reportId"]
        day.sleep(10)
        assert client.get(f"/reports/2021-06-30/reports/{report}")["processingStatus"] == "DONE"
        since = client.back(days=90)
        listed = client.get("/reports/2021-06-30/reports", reportTypes=SETTLEMENTS, createdSince=since, pageSize=100)
        assert len(listed["reports"]) >= 13
        month = client.get(
            "/orders/2026-01-01/orders",
            marketplaceIds=",".join(places),
            createdAfter=client.back(days=30),
            createdBefore=client.back(minutes=2),
            maxResultsPerPage=100,
        )
        assert 20 < len(month["orders"]) <= 60
        old = client.get("/orders/v0/orders", MarketplaceIds=places[0], LastUpdatedAfter=client.back(days=90))
        assert len(old["payload"]["Orders"]) >= 30


def test_a_world_that_ends_today_goes_on_in_its_folder_tomorrow(tmp_path: Path) -> None:
    day = Day(datetime(2027, 3, 12, 10, 30, tzinfo=UTC))
    world = PracticeWorld(orders=60, start=None, state=tmp_path)

    def orders() -> dict[str, str]:
        with practice_servers(world, clock=day) as connection:
            client = Client(connection, day)
            found = client.get(
                "/orders/2026-01-01/orders",
                marketplaceIds=",".join(connection["amazon"]["marketplaces"]),
                createdAfter=client.back(days=100),
                maxResultsPerPage=100,
                includedData="FULFILLMENT",
            )
        return {each["orderId"]: each["fulfillment"]["fulfillmentStatus"] for each in found["orders"]}

    first = orders()
    day.at += timedelta(days=2)
    later = orders()
    assert set(first) == set(later)
    assert "PENDING" in first.values()
    assert first != later
    assert "PENDING" not in later.values()


def test_a_first_day_makes_the_same_world_whenever_it_is_made(tmp_path: Path) -> None:
    world = PracticeWorld(orders=60, start=datetime(2025, 2, 1, tzinfo=UTC).date(), state=tmp_path)
    with practice_servers(world, clock=Day(DAYS[1])) as connection:
        answer = requests.get(connection["amazon"]["endpoint"], timeout=5)
    assert answer.headers["Date"].startswith("Thu, 13 Mar 2025 15:00:")
    other = PracticeWorld(orders=60, start=datetime(2025, 3, 1, tzinfo=UTC).date(), state=tmp_path)
    with pytest.raises(ValueError, match="starts on 2025-02-01, not on 2025-03-01"), practice_servers(other):
        pass


def test_a_generous_company_tells_clients_so_and_lets_them_through() -> None:
    day = Day(DAYS[0])
    with practice_servers(PracticeWorld(orders=20, start=None, is_generous=True), clock=day) as connection:
        client = Client(connection, day)
        for _ in range(12):  # Amazon publishes ten at once
            client.get("/reports/2021-06-30/reports", reportTypes=SETTLEMENTS)
        assert client.limit == "22.2"  # a thousand times what Amazon publishes


def test_the_command_takes_a_first_day(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["practice", "serve", "--start", "2026-02-30", "--json"])
    assert refused.exit_code == 2
    command = [
        sys.executable,
        "-m",
        "tieout",
        "practice",
        "serve",
        "--orders",
        "20",
        "--start",
        "2025-02-01",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        amazon = json.loads(server.stdout.readline())["amazon"]
        told = requests.get(amazon["endpoint"], timeout=5).headers["Date"]
        server.terminate()
    assert told.startswith("Thu, 13 Mar 2025 15:00:")


def test_a_world_that_cant_be_made_leaves_ctrl_c_as_it_was() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    refused = CliRunner().invoke(app, ["practice", "serve", "--marketplaces", "Atlantis", "--json"])
    assert refused.exit_code == 2
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
