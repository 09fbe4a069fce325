"""Connecting a seller: the form of each credential, the region, the roles, the secret's end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.amazon.world import AmazonWorld
from tieout.amazon.opening import open_amazon
from tieout.amazon.regions import ENDPOINTS
from tieout.amazon.tokens import CLIENT_SECRET, REFRESH_TOKEN, SECRET_SINCE
from tieout.amazon_wiring import amazon_checks, connect_seller, download_desk
from tieout.commands.check_amazon import check_amazon
from tieout.commands.check_up import Health
from tieout.commands.companies import new_company
from tieout.commands.connect_amazon import AmazonCredentials, Connected, check_forms, connect_amazon
from tieout.commands.download_settlements import download_settlements
from tieout.domain.company import AmazonAddress
from tieout.domain.finding import Finding
from tieout.practice.amazon.seller import FINANCE, FULFILLMENT, INSIGHTS, ROLES
from tieout.wiring import Refused, companies, open_company

Worlds = Callable[..., AmazonWorld]
GOOD = AmazonCredentials(
    client_id="amzn1.application-oa2-client." + "0123456789abcdef" * 2,
    client_secret="amzn1.oa2-cs.v1." + "ab" * 32,
    refresh_token="Atzr|" + "x1" * 40,
    seller_id="A1B2C3D4E5F6G7",
    region="EU",
)


class _Has:
    def __init__(self, credentials: AmazonCredentials) -> None:
        self.values = {CLIENT_SECRET: credentials.client_secret, REFRESH_TOKEN: credentials.refresh_token}

    def load(self, _service: str) -> dict[str, str]:
        return self.values


def credentials_of(world: AmazonWorld, region: str = "EU") -> AmazonCredentials:
    there = world.amazon.connection()
    return AmazonCredentials(
        there["client_id"], there["client_secret"], there["refresh_token"], there["seller_id"], region
    )


def opener(world: AmazonWorld):
    def open_with(address: AmazonAddress, credentials: AmazonCredentials):
        return open_amazon(address, _Has(credentials), "amazon", clock=world.clock, patient=False)[0]

    return open_with


def try_to(
    world: AmazonWorld, credentials: AmazonCredentials, endpoints: dict[str, str]
) -> Connected | tuple[Finding, ...]:
    return connect_amazon(credentials, endpoints, world.address.lwa, opener(world))


@pytest.fixture
def sockets(worlds: Worlds) -> AmazonWorld:
    return worlds(sockets=True)


def everywhere(endpoint: str) -> dict[str, str]:
    return dict.fromkeys(ENDPOINTS, endpoint)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"client_id": "amzn1.sp.solution.1234"}, "amazon-client-id-form", "application's id"),
        ({"client_id": "0123"}, "amazon-client-id-form", "form"),
        ({"client_secret": "short"}, "amazon-client-secret-form", "form"),
        ({"client_secret": "with space" * 6}, "amazon-client-secret-form", "form"),
        ({"refresh_token": "Atza|" + "x" * 60}, "amazon-refresh-token-form", "access token"),
        ({"refresh_token": "Atzr|" + "x\n" * 60}, "amazon-refresh-token-form", "form"),
        ({"seller_id": "my shop"}, "amazon-seller-id-form", "merchant token"),
    ],
)
def test_a_slip_of_copying_is_said_before_amazon_is_asked(change: dict[str, str], code: str, words: str) -> None:
    wrong = replace(GOOD, **change)
    (finding,) = check_forms(wrong)
    assert finding.code == code
    assert words in finding.what
    asked: list[object] = []
    assert connect_amazon(wrong, ENDPOINTS, "lwa", lambda *tried: asked.append(tried)) == (finding,)  # type: ignore[func-returns-value,arg-type,return-value]
    assert asked == []
    secret = change.get("client_secret") or change.get("refresh_token")
    assert secret is None or secret not in str(finding)


def test_good_forms_are_good() -> None:
    assert list(check_forms(GOOD)) == []
    assert list(check_forms(replace(GOOD, client_secret="ab" * 32))) == []


def test_credentials_never_show_in_what_is_printed_of_them() -> None:
    assert GOOD.client_secret not in repr(GOOD)
    assert GOOD.refresh_token not in repr(GOOD)


def test_an_accepted_seller_comes_with_its_marketplaces(sockets: AmazonWorld) -> None:
    connected = try_to(sockets, credentials_of(sockets), everywhere(sockets.address.endpoint))
    assert isinstance(connected, Connected)
    assert set(connected.address.marketplaces) == set(sockets.address.marketplaces)
    assert connected.findings == ()


def test_the_wrong_region_is_named(worlds: Worlds) -> None:
    right, wrong = worlds(sockets=True), worlds(sockets=True, roles=frozenset())
    endpoints = {"NA": wrong.address.endpoint, "EU": right.address.endpoint, "FE": wrong.address.endpoint}

    # One sign-in serves all regions; practice servers keep tokens of their own, so each is asked for at its own.
    def open_with(address: AmazonAddress, credentials: AmazonCredentials):
        home = right if address.endpoint == right.address.endpoint else wrong
        return opener(home)(replace(address, lwa=home.address.lwa), credentials)

    result = connect_amazon(credentials_of(right, "NA"), endpoints, "", open_with)
    assert isinstance(result, tuple)
    (finding,) = result
    assert finding.code == "amazon-wrong-region"
    assert "--region EU" in finding.to_do


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_secret": "amzn1.oa2-cs.v1." + "cd" * 32}, "amazon-secret-refused"),
        ({"refresh_token": "Atzr|" + "y" * 60}, "amazon-permission-ended"),
    ],
)
def test_refused_credentials_are_told_apart(sockets: AmazonWorld, change: dict[str, str], code: str) -> None:
    credentials = replace(credentials_of(sockets), **change)
    result = try_to(sockets, credentials, everywhere(sockets.address.endpoint))
    assert isinstance(result, tuple)
    assert [finding.code for finding in result] == [code]


def test_a_role_that_lacks_is_named_at_connecting(worlds: Worlds) -> None:
    world = worlds(sockets=True, roles=ROLES - {INSIGHTS})
    result = try_to(world, credentials_of(world), everywhere(world.address.endpoint))
    assert isinstance(result, tuple)
    assert result[0].code == "amazon-access-denied"
    assert INSIGHTS in result[0].what


def checks(world: AmazonWorld, since: str = "", today: date = date(2026, 11, 24)):
    with world.connections() as connections:
        return list(check_amazon(connections, since, today))


def test_check_up_finds_all_in_order(world: AmazonWorld) -> None:
    found = checks(world)
    assert {one.health for one in found} == {Health.GOOD}
    assert [one.name for one in found] == ["Amazon NA", "Amazon roles", "Amazon EU"]


def test_check_up_names_the_role_and_what_it_is_needed_for(worlds: Worlds) -> None:
    found = checks(worlds(roles=ROLES - {FINANCE, FULFILLMENT}))
    bad = [one.seen for one in found if one.health is Health.BAD]
    assert len(bad) == 2
    assert any(FINANCE in seen and "settlements" in seen for seen in bad)
    assert any(FULFILLMENT in seen and "stock" in seen for seen in bad)


def test_check_up_says_what_stands_in_the_way(worlds: Worlds) -> None:
    found = checks(worlds(roles=frozenset()))
    assert all(one.health is Health.BAD for one in found)
    assert any(INSIGHTS in one.seen for one in found)


def test_check_up_asks_amazon_no_more_than_it_may(worlds: Worlds) -> None:
    world = worlds(limits=True)
    healths = [one.health for _ in range(3) for one in checks(world) if one.name == "Amazon roles"]
    assert healths == [Health.GOOD, Health.GOOD, Health.LOOK]
    assert world.clock.slept == 0


@pytest.mark.parametrize(
    ("since", "health"),
    [
        ("2026-11-01", Health.GOOD),
        ("2026-06-15", Health.LOOK),
        ("2026-06-01", Health.BAD),
        ("2026-01-01", Health.BAD),
    ],
)
def test_check_up_counts_the_days_of_the_secret(world: AmazonWorld, since: str, health: Health) -> None:
    found = [one for one in checks(world, since) if one.name == "Amazon client secret"]
    assert [one.health for one in found] == [health]


def test_a_connected_company_downloads_from_all_its_sellers(tmp_path: Path, worlds: Worlds) -> None:
    american, european = worlds(sockets=True), worlds(sockets=True)
    # Two accounts of two sellers; the second has a name of its own.
    home = tmp_path / "home"
    added = companies(home).add(new_company("Acme", "US"))  # type: ignore[arg-type]
    assert not isinstance(added, Finding)
    # Practice credentials may lie in plain sight; a real company's would need a keyring here.
    companies(home).update(replace(added, practice=True))
    for world, region in ((american, "NA"), (european, "EU")):
        with open_company("Acme", home, american.clock) as opened:
            connected = connect_seller(
                opened, credentials_of(world, region), "2026-11-01", world.address.endpoint, world.address.lwa
            )
            assert isinstance(connected, Connected), connected
    with open_company("Acme", home, american.clock) as opened:
        assert [one.endpoint for one in opened.company.sellers] == [
            american.address.endpoint,
            european.address.endpoint,
        ]
        vault, _ = opened.vault()
        for address in opened.company.sellers:
            kept = vault.load(opened.company.amazon_service(address))
            assert kept[SECRET_SINCE] == "2026-11-01"
        registry = (home / "companies.json").read_text()
        assert kept[REFRESH_TOKEN] not in registry
        assert kept[CLIENT_SECRET] not in registry
        assert {one.health for one in amazon_checks(opened)} <= {Health.GOOD, Health.LOOK, Health.BAD}
        with download_desk(opened) as desk:
            assert len(desk.sellers) == 2
            assert download_settlements(desk).complete
    # Connecting the same seller again replaces it.
    with open_company("Acme", home, american.clock) as opened:
        again = connect_seller(
            opened, credentials_of(european), "2026-11-20", european.address.endpoint, european.address.lwa
        )
        assert isinstance(again, Connected)
    with open_company("Acme", home, american.clock) as opened:
        assert len(opened.company.sellers) == 2


def test_a_company_without_a_seller_is_told_so(tmp_path: Path) -> None:
    companies(tmp_path).add(new_company("Acme", "US"))  # type: ignore[arg-type]
    with (
        open_company("Acme", tmp_path) as opened,
        pytest.raises(Refused) as refused,
        download_desk(opened),
    ):
        pass
    assert refused.value.finding.code == "amazon-not-connected"
    assert refused.value.sign_in
