"""The guarded way to Amazon: status first, patience with bounds, one renewal of the token, no secret in a log."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from unittest import mock

import pytest

from tests.amazon.world import AmazonWorld
from tieout.amazon.connection import AmazonConnection
from tieout.amazon.tokens import CLIENT_SECRET, REFRESH_TOKEN
from tieout.download_ports import LISTING_REPORT, ORDER_REPORT, SETTLEMENT_REPORT, AmazonUnavailable, ReportState
from tieout.limits import AMAZON_RETRY_WAITS_SECONDS, AMAZON_THROTTLE_WAITS_MAX
from tieout.practice.amazon.seller import FINANCE, INSIGHTS, LISTINGS, ROLES
from tieout.secrets import PracticeVault

Worlds = Callable[..., AmazonWorld]


@pytest.fixture
def worlds(worlds: Worlds) -> Worlds:
    """Worlds whose requests go over the line."""
    return partial(worlds, sockets=True)


TRIES = 1 + len(AMAZON_RETRY_WAITS_SECONDS)


def listed(connection: AmazonConnection) -> int:
    return len(list(connection.reports(SETTLEMENT_REPORT)))


def fault(do: str, op: str = "getReports", *, nth: int = 1, times: int = 1, **more: object) -> dict[str, object]:
    return {"match": {"op": op, "nth": nth, "times": times}, "do": do, **more}


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(AmazonUnavailable) as caught:
        call()
    return caught.value.finding.code


@pytest.mark.parametrize(
    "entry",
    [
        fault("throttle", times=AMAZON_THROTTLE_WAITS_MAX),
        fault("empty429", times=AMAZON_THROTTLE_WAITS_MAX),
        fault("error5xx", times=TRIES - 1),
        fault("error5xx", times=TRIES - 1, status=503),
        fault("html503", times=TRIES - 1),
        fault("reset", times=TRIES - 1),
        fault("timeout_before", times=TRIES - 1, seconds=0),
        fault("timeout_after", times=TRIES - 1, seconds=0),
        fault("slow", seconds=0),
        fault("expire_token"),
    ],
    ids=lambda entry: entry["do"],
)
def test_what_passes_is_waited_for(worlds: Worlds, entry: dict[str, object]) -> None:
    world = worlds(faults=[entry])
    with world.connections() as (connection, _):
        assert listed(connection) == len(world.amazon.shop.settlements) + 1


@pytest.mark.parametrize(
    ("entry", "code", "requests"),
    [
        (fault("throttle", times=0), "amazon-throttled", AMAZON_THROTTLE_WAITS_MAX + 1),
        (fault("empty429", times=0), "amazon-throttled", AMAZON_THROTTLE_WAITS_MAX + 1),
        (fault("error5xx", times=0), "amazon-in-trouble", TRIES),
        (fault("html503", times=0), "amazon-in-trouble", TRIES),
        (fault("reset", times=0), "amazon-unreachable", TRIES),
        (fault("timeout_after", times=0, seconds=0), "amazon-unreachable", TRIES),
        (fault("expire_token", times=0), "amazon-access-denied", 2),
    ],
    ids=lambda value: value["do"] if isinstance(value, dict) else str(value),
)
def test_what_does_not_pass_ends_in_words_after_so_many_requests(
    worlds: Worlds, entry: dict[str, object], code: str, requests: int
) -> None:
    world = worlds(faults=[entry])
    with world.connections() as (connection, _):
        assert code_of(lambda: listed(connection)) == code
    assert world.sent("/reports/2021-06-30/reports") == requests


def test_a_throttled_request_waits_for_its_turn(worlds: Worlds) -> None:
    world = worlds(faults=[fault("empty429", times=3)])
    with world.connections() as (connection, _):
        listed(connection)
    assert world.clock.slept >= 3 * 45


def test_a_slow_body_is_not_waited_for_without_end(worlds: Worlds) -> None:
    world = worlds(faults=[fault("slow", seconds=1, times=0)])
    with mock.patch("tieout.amazon.session.AMAZON_ANSWER_SECONDS_MAX", 0.2), world.connections() as (connection, _):
        assert code_of(lambda: listed(connection)) == "amazon-unreachable"


def test_an_answer_of_any_length_is_not_taken(worlds: Worlds) -> None:
    world = worlds()
    exchange = "tieout.amazon.session.AmazonSession._exchange.__kwdefaults__"
    with mock.patch.dict(exchange, {"bytes_max": 100}), world.connections() as (connection, _):
        assert code_of(lambda: listed(connection)) == "amazon-unreachable"


def test_the_token_lives_for_all_requests_and_is_renewed_ahead_of_its_end(world: AmazonWorld) -> None:
    with world.connections() as (connection, _):
        listed(connection)
        listed(connection)
        assert world.sent("/auth/o2/token") == 1
        world.clock.forward(minutes=59)
        listed(connection)
        assert world.sent("/auth/o2/token") == 2
    assert all(status == 200 for _, _, status in world.amazon.requests)


def test_a_token_that_looks_young_to_a_clock_put_back_is_replaced_once(world: AmazonWorld) -> None:
    with world.connections() as (connection, _):
        listed(connection)
        world.clock.forward(hours=2)
        world.clock.ahead = timedelta(hours=-2)
        listed(connection)
    assert [status for _, path, status in world.amazon.requests if "reports" in path] == [200, 403, 200]


def test_the_sign_in_service_is_tried_again_while_it_has_trouble(worlds: Worlds) -> None:
    world = worlds(faults=[fault("html503", "token", times=TRIES - 1)])
    with world.connections() as (connection, _):
        listed(connection)
    world = worlds(faults=[fault("error5xx", "token", times=0)])
    with world.connections() as (connection, _):
        assert code_of(lambda: listed(connection)) == "amazon-in-trouble"
    world = worlds(faults=[fault("reset", "token", times=0)])
    with world.connections() as (connection, _):
        assert code_of(lambda: listed(connection)) == "amazon-unreachable"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({CLIENT_SECRET: "wrong"}, "amazon-secret-refused"),
        ({REFRESH_TOKEN: "Atzr|wrong"}, "amazon-permission-ended"),
        ({REFRESH_TOKEN: ""}, "amazon-not-connected"),
    ],
)
def test_credentials_that_are_refused_are_told_apart(world: AmazonWorld, changed: dict[str, str], code: str) -> None:
    vault = PracticeVault(world.folder, world.clock)
    vault.save("amazon", {**vault.load("amazon"), **changed})
    with world.connections() as (connection, _), pytest.raises(AmazonUnavailable) as caught:
        listed(connection)
    assert caught.value.finding.code == code
    assert caught.value.sign_in
    assert "wrong" not in str(caught.value.finding)


def test_a_missing_role_is_named(worlds: Worlds) -> None:
    world = worlds(roles=ROLES - {FINANCE, INSIGHTS, LISTINGS})
    with world.connections() as (connection, _):
        for call, role in (
            (lambda: listed(connection), FINANCE),
            (connection.participations, INSIGHTS),
            (lambda: connection.can_list(LISTING_REPORT), LISTINGS),
        ):
            with pytest.raises(AmazonUnavailable) as caught:
                call()
            assert caught.value.finding.code == "amazon-access-denied"
            assert role in caught.value.finding.what
            assert caught.value.status == 403
        connection.can_list(ORDER_REPORT)


def test_what_amazon_refuses_is_told_in_its_words(world: AmazonWorld) -> None:
    with world.connections() as (connection, _), pytest.raises(AmazonUnavailable) as caught:
        connection.ask_report(ORDER_REPORT, ["NOWHERE"])
    assert caught.value.finding.code == "amazon-refused"
    assert "NOWHERE" in caught.value.finding.what


def test_an_unreachable_amazon_is_said_after_some_tries(world: AmazonWorld) -> None:
    gone = replace(world, address=replace(world.address, endpoint="http://127.0.0.1:9", lwa="http://127.0.0.1:9/x"))
    with gone.connections() as (connection, _), pytest.raises(AmazonUnavailable) as caught:
        listed(connection)
    assert caught.value.finding.code == "amazon-unreachable"
    assert "no connection came about" in caught.value.finding.what
    assert "Error" not in caught.value.finding.what, "the name of an exception is for the log"
    assert world.clock.slept >= sum(AMAZON_RETRY_WAITS_SECONDS)


def test_nothing_secret_reaches_any_log_at_any_level(world: AmazonWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("sp_api.base.client", "urllib3", "urllib3.connectionpool", "tieout.amazon", "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    vault = PracticeVault(world.folder, world.clock)
    with world.connections() as (connection, _):
        entry = next(connection.reports(SETTLEMENT_REPORT))
        connection.document(entry.document_id, "one")
        with pytest.raises(AmazonUnavailable) as caught:
            connection.ask_report(ORDER_REPORT, ["NOWHERE"])
    told = caplog.text + str(caught.value)
    assert "/documents/" in told  # the logs were on
    assert "getReports" in told or "GET /reports" in told
    secrets = [*vault.load("amazon").values(), "Atza|", "Atzr|", "X-Amz-Signature", "amzn1.oa2-cs"]
    assert [secret for secret in secrets if secret in told] == []


def test_the_librarys_own_environment_is_out_of_the_way(world: AmazonWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SP_API_DEFAULT_MARKETPLACE", "DE")
    monkeypatch.setenv("AWS_ENV", "SANDBOX")
    monkeypatch.setenv("SP_API_REFRESH_TOKEN", "Atzr|another")
    with world.connections() as (connection, _):
        assert listed(connection) > 0


def test_documents_come_whole_with_their_charset(world: AmazonWorld) -> None:
    with world.connections() as (_, europe):
        (german,) = (one for one in europe.marketplaces if one == "A1PA6795UKMFR9")
        report_id = europe.ask_report(LISTING_REPORT, [german])
        assert europe.report(report_id).state is ReportState.IN_QUEUE
        world.clock.forward(seconds=10)
        entry = europe.report(report_id)
        document = europe.document(entry.document_id, "listings of Germany")
    assert document.charset == "ISO-8859-1"
    assert document.content.decode("iso-8859-1") == "".join(world.amazon.shop.listings_report("DE"))


@pytest.mark.parametrize("do", ["truncate_gzip", "expire_url"])
def test_a_document_that_fails_on_the_way_is_fetched_anew(worlds: Worlds, do: str) -> None:
    world = worlds(faults=[fault(do, "download", times=2)])
    with world.connections() as (connection, _):
        entries = list(connection.reports(SETTLEMENT_REPORT))
        packed = {connection.document(entry.document_id, "one").content for entry in entries[:4]}
    assert packed <= {one.flat_file_v2() for one in world.amazon.shop.settlements}


@pytest.mark.parametrize("do", ["truncate_gzip", "expire_url"])
def test_a_document_that_never_comes_whole_is_said(worlds: Worlds, do: str) -> None:
    world = worlds(faults=[fault(do, "download", times=0)])
    with world.connections() as (_, europe):
        report_id = europe.ask_report(LISTING_REPORT, europe.marketplaces[:1])
        world.clock.forward(seconds=10)
        entry = europe.report(report_id)
        assert code_of(lambda: europe.document(entry.document_id, "listings")) == "amazon-document-damaged"


@pytest.mark.parametrize("do", ["reset", "error5xx", "html503", "timeout_before"])
def test_the_document_store_is_tried_again(worlds: Worlds, do: str) -> None:
    world = worlds(faults=[fault(do, "download", times=TRIES - 1, seconds=0)])
    with world.connections() as (connection, _):
        entry = next(connection.reports(SETTLEMENT_REPORT))
        assert connection.document(entry.document_id, "one").content
    world = worlds(faults=[fault(do, "download", times=0, seconds=0)])
    with world.connections() as (connection, _):
        entry = next(connection.reports(SETTLEMENT_REPORT))
        assert code_of(lambda: connection.document(entry.document_id, "one")) == "amazon-unreachable"


def test_a_report_that_amazon_does_not_know_is_none(world: AmazonWorld) -> None:
    with world.connections() as (connection, _):
        assert connection.report("1234567890") is None


def test_amazons_time_is_known_whatever_ours_is(world: AmazonWorld) -> None:
    for ahead in (timedelta(0), timedelta(days=400), timedelta(days=-400)):
        world.clock.ahead = ahead
        with world.connections() as (connection, _):
            assert abs(connection.now() - world.clock.at) < timedelta(seconds=2)
