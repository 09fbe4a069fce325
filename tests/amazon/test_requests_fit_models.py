"""What we send to Amazon fits the models that Amazon publishes: paths, parameters, their values, bodies."""

import json
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from tests.amazon.world import amazon_world
from tieout.amazon.usage_plans import OPERATIONS
from tieout.commands import download_orders as orders_module
from tieout.commands.download_finances import download_deferred, download_vat
from tieout.commands.download_listings import download_listings
from tieout.commands.order_windows import pages_to_try
from tieout.practice.shop import make_shop

MODELS = ("reports_2021-06-30", "orders_2026-01-01", "finances_2024-06-19", "fbaInventory", "sellers")


@pytest.fixture(scope="module")
def models(shared: Path) -> dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]]:
    """Each operation of the models by method and path, with its model."""
    found = {}
    for name in MODELS:
        model = json.loads((shared / "specs" / "amazon" / f"{name}.json").read_text())
        for path, methods in model["paths"].items():
            for method, operation in methods.items():
                if method in ("get", "post"):
                    found[method.upper(), path] = (operation, model)
    return found


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, dict[str, str], bytes]]:
    """Every request that downloading everything makes, orders both ways."""
    noted: list[tuple[str, str, dict[str, str], bytes]] = []
    many = make_shop(9, orders=400, marketplaces=("US", "UK"))
    with amazon_world(tmp_path_factory.mktemp("requests"), many) as world:
        serve = world.amazon.serve

        def note(method: str, target: str, headers: Any, body: bytes) -> Any:
            noted.append((method, target, dict(headers), body))
            return serve(method, target, headers, body)

        with mock.patch.object(world.amazon, "serve", note):
            world.settlements()
            for way in (pages_to_try, lambda *_: 0):
                with mock.patch.object(orders_module, "pages_to_try", way):
                    world.orders()
            for button in (download_listings, download_deferred, download_vat):
                world.press(button)
            with world.connections() as connections:
                connections[0].participations()
    return noted


def matching(method: str, path: str, models: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    for (wanted, template), (operation, model) in models.items():
        parts, theirs = path.split("/"), template.split("/")
        if wanted != method or len(parts) != len(theirs):
            continue
        if all(b.startswith("{") or a == b for a, b in zip(parts, theirs, strict=True)):
            return template, operation, model
    raise AssertionError(f"{method} {path} is in no model")


def check_query(operation: dict[str, Any], query: dict[str, list[str]]) -> None:
    parameters = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    assert set(query) <= set(parameters), operation["operationId"]
    missing = {name for name, one in parameters.items() if one.get("required")} - set(query)
    assert missing == set(), operation["operationId"]
    for name, values in query.items():
        one = parameters[name]
        listed = [part for value in values for part in value.split(",")] if one["type"] == "array" else values
        allowed = one.get("enum") or one.get("items", {}).get("enum")
        assert not allowed or set(listed) <= set(allowed), (name, listed)
        assert len(listed) <= one.get("maxItems", len(listed))
        if one["type"] == "integer":
            assert one.get("minimum", 0) <= int(listed[0]) <= one.get("maximum", 10**9)
        if one.get("format") == "date-time":
            assert listed[0].endswith("Z")


def test_every_request_fits_its_model(sent: Any, models: Any) -> None:
    met = set()
    for method, target, _, body in sent:
        parts = urlsplit(target)
        if parts.path.startswith(("/auth/", "/documents/")):
            continue
        template, operation, model = matching(method, parts.path, models)
        met.add(operation["operationId"])
        check_query(operation, parse_qs(parts.query, keep_blank_values=True))
        if method == "POST":
            (parameter,) = (one for one in operation["parameters"] if one["in"] == "body")
            schema = {**parameter["schema"], "definitions": model["definitions"]}
            jsonschema.validate(json.loads(body), schema)
            known = model["definitions"][parameter["schema"]["$ref"].rsplit("/", 1)[-1]]["properties"]
            assert set(json.loads(body)) <= set(known), template
    assert met == {one.name for one in OPERATIONS}


def test_no_request_asks_for_a_buyer(sent: Any) -> None:
    for _, target, _, _ in sent:
        asked = parse_qs(urlsplit(target).query).get("includedData", [""])[0]
        assert not {"BUYER", "RECIPIENT"} & set(asked.split(","))
        assert "/tokens/" not in target


def test_every_request_names_us_and_brings_its_token(sent: Any) -> None:
    for _, target, headers, _ in sent:
        if target.startswith("/auth/"):
            continue
        if target.startswith("/documents/"):
            assert "x-amz-access-token" not in headers
            continue
        assert headers["user-agent"].startswith("Tieout/")
        assert headers["x-amz-access-token"].startswith("Atza|")


def test_the_published_plans_are_those_of_the_models(models: Any) -> None:
    """The models state rate and burst in the description of each operation."""
    described = {operation["operationId"]: operation["description"] for operation, _ in models.values()}
    for one in OPERATIONS:
        text = described[one.name].replace(" ", "")
        rate = f"{one.rate_micro / 1_000_000:.4f}".rstrip("0").rstrip(".")
        assert f"|{rate}|{one.burst}|" in text or f"|{rate.removeprefix('0')}|{one.burst}|" in text, one.name
