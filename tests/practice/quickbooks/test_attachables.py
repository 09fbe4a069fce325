"""Attachables and uploads."""

import json

import requests

from tests.practice.quickbooks.raw_client import Client, exact, key


def test_a_file_is_uploaded_read_and_attached(client: Client) -> None:
    entry = client.ok("journalentry", client.simple_journal())
    content = bytes(range(256)) * 4
    metadata = {
        "AttachableRef": [{"EntityRef": {"type": "JournalEntry", "value": entry["Id"]}, "IncludeOnSend": False}],
        "FileName": "proof.bin",
        "ContentType": "application/octet-stream",
    }
    response = client.call(
        "POST",
        "upload",
        files={
            "file_metadata_01": (None, json.dumps(metadata), "application/json"),
            "file_content_01": ("proof.bin", content, "application/octet-stream"),
            "file_content_02": ("other.txt", b"plain\r\ntext\r\n", "text/plain"),
        },
    )
    first, second = (part["Attachable"] for part in exact(response)["AttachableResponse"])
    assert (first["FileName"], first["Size"]) == ("proof.bin", 1024)
    assert first["AttachableRef"][0]["EntityRef"]["value"] == entry["Id"]
    assert (second["FileName"], second["ContentType"]) == ("other.txt", "text/plain")
    address = client.call("GET", f"download/{first['Id']}").text
    assert address == first["TempDownloadUri"]
    assert requests.get(address, timeout=5).content == content
    assert requests.get(second["TempDownloadUri"], timeout=5).content == b"plain\r\ntext\r\n"
    where = f"AttachableRef.EntityRef.Type = 'JournalEntry' and AttachableRef.EntityRef.value = '{entry['Id']}'"
    assert client.query(f"select * from Attachable where {where}")["Attachable"][0]["Id"] == first["Id"]
    assert client.query("select * from Attachable where FileName like '%.txt'")["Attachable"][0]["Id"] == second["Id"]


def test_a_streamed_upload_in_chunks(client: Client) -> None:
    lines = (
        b"--mark",
        b'Content-Disposition: form-data; name="file_content_01"; filename="a.txt"',
        b"Content-Type: text/plain",
        b"",
        b"one",
        b"two",
        b"--mark--",
        b"",
    )
    response = client.call(
        "POST",
        "upload",
        data=(line + b"\r\n" for line in lines),
        headers={"Content-Type": "multipart/form-data; boundary=mark"},
    )
    (made,) = (part["Attachable"] for part in exact(response)["AttachableResponse"])
    assert requests.get(made["TempDownloadUri"], timeout=5).content == b"one\r\ntwo"


def test_a_note_needs_no_file(client: Client) -> None:
    made = client.ok("attachable", {"Note": "checked"})
    assert client.code("attachable", {"Category": "x"}) == "2020"
    changed = client.ok("attachable", {**key(made), "sparse": True, "Note": "again"})
    assert changed["SyncToken"] == "1"
    assert client.call("GET", f"download/{made['Id']}").json()["Fault"]["Error"][0]["code"] == "610"
    client.ok("attachable", key(changed), operation="delete")


def test_what_an_upload_must_be(client: Client) -> None:
    plain = client.call("POST", "upload", data=b"x", headers={"Content-Type": "text/plain"})
    assert plain.json()["Fault"]["Error"][0]["code"] == "6041"
    only_metadata = client.call("POST", "upload", files={"file_metadata_01": (None, "{}", "application/json")})
    assert only_metadata.json()["Fault"]["Error"][0]["code"] == "6041"
    wrong = client.call(
        "POST",
        "upload",
        files={
            "file_metadata_01": (None, '{"FileName": "a", "Colour": 1}', "application/json"),
            "file_content_01": ("a", b"1"),
        },
    )
    assert wrong.json()["AttachableResponse"][0]["Fault"]["Error"][0]["code"] == "2010"
    assert client.query("select count(*) from Attachable") == {"totalCount": 0}


def test_an_attachable_points_at_what_exists(client: Client) -> None:
    body = {"Note": "n", "AttachableRef": [{"EntityRef": {"type": "Invoice", "value": "77"}}]}
    assert client.code("attachable", body) == "2500"
