"""Archives: opened by what they hold, within bounds, and never a name that leads somewhere."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.making import codes, document, gzipped, small_file, zipped
from tieout import limits
from tieout.domain.document import Document
from tieout.domain.finding import Finding, Severity
from tieout.parse import containers
from tieout.parse.containers import unpack

TEXT = small_file().content


def unpacked(content: bytes, name: str = "download", charset: str = "") -> tuple[Document, ...]:
    documents, findings = unpack(document(content, name, charset))
    assert findings == ()
    return documents


def finding(content: bytes, name: str = "download") -> Finding:
    documents, findings = unpack(document(content, name))
    assert documents == ()
    (only,) = findings
    assert only.severity is Severity.REFUSED
    assert only.where is not None
    return only


def test_text_is_itself() -> None:
    plain = document(TEXT)
    assert unpack(plain) == ((plain,), ())
    assert unpack(document(b"")) == ((document(b""),), ())


def test_gzip_by_content_whatever_its_name() -> None:
    (inner,) = unpacked(gzipped(TEXT), "settlement.txt.gz", "windows-1252")
    assert inner == Document.of("settlement.txt.gz > settlement.txt", TEXT, "windows-1252")
    (unnamed,) = unpacked(gzipped(TEXT), "report.bin")
    assert (unnamed.name, unnamed.content) == ("report.bin > report.bin", TEXT)


def test_gzip_in_several_members() -> None:
    half = len(TEXT) // 2
    (inner,) = unpacked(gzipped(TEXT[:half]) + gzipped(TEXT[half:]) + b"\0\0")
    assert inner.content == TEXT


def test_zip_gives_its_members_in_order() -> None:
    documents = unpacked(zipped({"b.txt": TEXT, "a.csv": b"x", "__MACOSX/._b.txt": b"\0"}), "old.zip")
    assert [(d.name, d.content) for d in documents] == [("old.zip > b.txt", TEXT), ("old.zip > a.csv", b"x")]


def test_archive_in_an_archive_one_level() -> None:
    documents = unpacked(zipped({"a.txt.gz": gzipped(TEXT), "more.zip": zipped({"b.txt": TEXT})}), "all.zip")
    assert [d.name for d in documents] == ["all.zip > a.txt.gz > a.txt", "all.zip > more.zip > b.txt"]
    assert {d.content for d in documents} == {TEXT}


def test_archive_two_levels_down_is_refused() -> None:
    assert finding(zipped({"x.zip": zipped({"a.txt.gz": gzipped(TEXT)})})).code == "archive-too-deep"


@pytest.mark.parametrize(
    "name", ["../up.txt", "/etc/passwd", "folder/a.txt", "folder/", "..\\up.txt", "C:\\a.txt", "c:a.txt", "a\0.txt"]
)
def test_member_with_a_path_is_refused_and_the_others_come(name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        stored = zipfile.ZipInfo("plain.txt")
        stored.filename = stored.orig_filename = name
        archive.writestr(stored, b"harm")
        archive.writestr("good.txt", TEXT)
    documents, findings = unpack(document(packed.getvalue(), "a.zip"))
    assert [d.name for d in documents] == ["a.zip > good.txt"]
    assert codes(findings) == ["archive-path"]
    assert repr(name) in findings[0].what


def encrypted() -> bytes:
    """A zip whose member says it is encrypted (bit 0 of the flags, in both headers)."""
    packed = bytearray(zipped({"a.txt": TEXT}))
    packed[6] |= 1
    packed[packed.find(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def test_encrypted_member() -> None:
    assert finding(encrypted()).code == "archive-encrypted"


def test_empty_archive() -> None:
    assert finding(zipped({})).code == "archive-empty"


@pytest.mark.parametrize("cut", [20, 100, 200])
def test_truncated_gzip(cut: int) -> None:
    assert finding(gzipped(TEXT)[:cut]).code == "archive-damaged"


def test_damaged_gzip_and_zip() -> None:
    packed = bytearray(gzipped(TEXT))
    packed[-5] ^= 1  # the checksum
    assert finding(bytes(packed)).code == "archive-damaged"
    assert finding(gzipped(TEXT) + b"junk").code == "archive-damaged"
    assert finding(zipped({"a.txt": TEXT})[:-30]).code == "archive-damaged"
    stored = zipped({"a.txt": TEXT})
    broken = bytearray(stored)
    broken[60] ^= 0xFF
    assert finding(bytes(broken)).code == "archive-damaged"


def test_spreadsheets_are_told_apart_from_archives() -> None:
    assert (
        finding(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "s.xlsx").code
        == "file-is-a-spreadsheet"
    )
    assert finding(zipped({"mimetype": b"", "content.xml": b""}), "s.ods").code == "file-is-a-spreadsheet"
    assert finding(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "s.xls").code == "file-is-a-spreadsheet"
    (inside,) = unpack(document(zipped({"s.xlsx": zipped({"xl/workbook.xml": b""})})))[1]
    assert inside.code == "file-is-a-spreadsheet"


def test_bomb_by_ratio() -> None:
    # A megabyte of one letter packs a thousandfold.
    bomb = gzipped(b"a" * 20_000_000)
    assert finding(bomb).code == "archive-too-large"
    assert finding(zipped({"a.txt": b"a" * 20_000_000, "b.txt": TEXT})).code == "archive-too-large"
    assert finding(zipped({"a.gz": bomb})).code == "archive-too-large"


def test_ratio_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"ab" * 4096
    packed = gzipped(text)
    monkeypatch.setattr(containers, "ARCHIVE_RATIO_COUNTS_FROM_BYTES", 0)
    monkeypatch.setattr(containers, "ARCHIVE_UNPACKED_BYTES_A_PACKED_BYTE_MAX", -(-len(text) // len(packed)))
    assert unpacked(packed)[0].content == text
    monkeypatch.setattr(containers, "ARCHIVE_UNPACKED_BYTES_A_PACKED_BYTE_MAX", len(text) // len(packed) - 1)
    assert finding(packed).code == "archive-too-large"
    monkeypatch.setattr(containers, "ARCHIVE_RATIO_COUNTS_FROM_BYTES", len(text))
    assert unpacked(packed)[0].content == text


def test_unpacked_size_at_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zipped({"a.txt": b"abcde", "b.txt": b"fghij"})
    monkeypatch.setattr(containers, "ARCHIVE_UNPACKED_BYTES_MAX", 10)
    assert len(unpacked(packed)) == 2
    monkeypatch.setattr(containers, "ARCHIVE_UNPACKED_BYTES_MAX", 9)
    assert finding(packed).code == "archive-too-large"


def test_members_at_their_bound() -> None:
    members = {f"{number}.txt": b"x" for number in range(limits.ARCHIVE_MEMBERS_MAX)}
    assert len(unpacked(zipped(members))) == limits.ARCHIVE_MEMBERS_MAX
    assert finding(zipped({**members, "more.txt": b"x"})).code == "archive-too-many-members"
    assert finding(gzipped(b"a") * (limits.ARCHIVE_MEMBERS_MAX + 1)).code == "archive-too-large"


PACKED = [gzipped(TEXT), zipped({"a.txt": TEXT, "b.txt.gz": gzipped(TEXT)})]


@settings(deadline=None)
@given(packed=st.sampled_from(PACKED), place=st.integers(0, 2000), value=st.integers(0, 255), cut=st.booleans())
def test_any_damage_is_a_finding_or_leaves_the_text_whole(packed: bytes, place: int, value: int, cut: bool) -> None:
    damaged = bytearray(packed)
    at = place % len(packed)
    damaged[at] = value
    content = bytes(damaged[:at] if cut else damaged)
    documents, findings = unpack(document(content))
    # Without its first bytes an archive is none any more, and comes back as it is.
    assert findings or {d.content for d in documents} <= {TEXT, content}
