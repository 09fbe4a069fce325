"""vbaProject.bin, read back by readers that we did not write."""

import io
import os
import struct

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets.build.olevba import decompress_stream
from tieout.sheets.build.compound_file import compound_file
from tieout.sheets.build.vba_compression import compress, decompress
from tieout.sheets.build.vba_modules import (
    Module,
    ModuleKind,
    class_module,
    sheet_module,
    standard_module,
    workbook_module,
)
from tieout.sheets.build.vba_project import vba_project
from tieout.sheets.build.vba_sources import vba_modules, xlwings_module
from tieout.sheets.build.vba_streams import encrypted, project_stream

WORDS = st.sampled_from(
    ["Public Sub ", "End Sub\r\n", "    ", "Dim x As String\r\n", 'x = x & "é"\r\n', "'", "a", "€"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=900).map("".join))
def test_compressed_source_reads_back_with_our_reader_and_with_olevba(text: str) -> None:
    data = text.encode("cp1252")
    container = compress(data)
    assert decompress(container) == data
    assert bytes(decompress_stream(bytearray(container))) == data


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=3000))
def test_any_bytes_of_one_short_chunk_read_back(data: bytes) -> None:
    assert decompress(compress(data)) == data


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4095, 4096, 4097, 8192, 8193, 20000])
def test_sizes_around_a_chunk(size: int) -> None:
    data = (b"Const A = 1\r\n" * 2000)[:size]
    assert decompress(compress(data)) == data
    if size:
        assert bytes(decompress_stream(bytearray(compress(data)))) == data


def test_a_full_chunk_that_does_not_shrink_is_kept_as_it_is() -> None:
    data = os.urandom(4096)
    container = compress(data)
    assert len(container) == 1 + 2 + 4096
    assert decompress(container) == data


def test_a_last_chunk_that_would_be_padded_is_refused() -> None:
    with pytest.raises(ValueError, match="padded"):
        compress(os.urandom(4000))


@pytest.mark.parametrize("damaged", [b"", b"\x02\x00\x00", b"\x01" + struct.pack("<H", 0xB003) + b"\x01\xff\xff"])
def test_bytes_that_are_no_container_are_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match=r"container|before"):
        decompress(damaged)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True),
        st.integers(0, 9000),
        min_size=1,
        max_size=30,
    ).filter(lambda sizes: len({name.upper() for name in sizes}) == len(sizes))
)
def test_a_compound_file_holds_its_streams(sizes: dict[str, int]) -> None:
    streams = {name: bytes([len(name)]) * size for name, size in sizes.items()}
    with olefile.OleFileIO(io.BytesIO(compound_file({"VBA": streams, "PROJECT": b"x"}))) as found:
        assert {"/".join(path) for path in found.listdir()} == {f"VBA/{name}" for name in streams} | {"PROJECT"}
        for name, content in streams.items():
            assert found.openstream(["VBA", name]).read() == content
        assert found.parsing_issues == []


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 4095, 4096, 4097, 300_000])
def test_streams_of_every_size_class(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    with olefile.OleFileIO(io.BytesIO(compound_file({"A": content, "B": b"b"}))) as found:
        assert found.openstream("A").read() == content
        assert found.openstream("B").read() == b"b"


def test_a_compound_file_says_what_it_can_not_hold() -> None:
    with pytest.raises(ValueError, match="too long"):
        compound_file({"n" * 32: b""})
    with pytest.raises(ValueError, match="too large"):
        compound_file({"A": bytes(8_000_000)})


def test_two_modules_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        vba_project([standard_module("Press", ""), standard_module("PRESS", "")])


def test_a_procedure_that_its_modules_name_would_hide_is_refused() -> None:
    with pytest.raises(ValueError, match="named as a module: press"):
        vba_project([standard_module("Press", "Public Sub Press()\nEnd Sub\n")])


@pytest.mark.parametrize("name", ["", "1st", "with space", "a" * 32, "é"])
def test_names_that_vba_does_not_take_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name of a VBA module"):
        Module(name, ModuleKind.STANDARD, "")


def test_source_that_vba_does_not_take_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        standard_module("Press", "' ✓")
    with pytest.raises(ValueError, match="Press, line 2: longer"):
        standard_module("Press", "x" * 1024)


def test_modules_are_what_excel_stores() -> None:
    assert workbook_module("ThisWorkbook").source.splitlines()[1].endswith('0{00020819-0000-0000-C000-000000000046}"')
    assert sheet_module("ShHome").source.splitlines()[1].endswith('0{00020820-0000-0000-C000-000000000046}"')
    header = "VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1\nEND\n"
    text = header + 'Attribute VB_Name = "Old"\nAttribute VB_Exposed = True\nX = 1'
    source = class_module("New", text).source
    assert source.startswith('Attribute VB_Name = "New"\r\nAttribute VB_Base = "0{FCFB3D2A-')
    assert "VB_Exposed = True" in source
    assert source.endswith("\r\nX = 1\r\n")
    assert "BEGIN" not in source
    assert "Old" not in source


def test_the_project_is_neither_locked_nor_hidden() -> None:
    """The three keys decrypt, by the algorithm of [MS-OVBA] 2.4.3.3, to what an open project has."""
    project_id = "{00000000-1111-2222-3333-444444444444}"
    text = project_stream("VBAProject", project_id, [standard_module("Press", "")]).decode("cp1252")
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert _decrypted(values["CMG"].strip('"'), project_id) == bytes(4)
    assert _decrypted(values["DPB"].strip('"'), project_id) == bytes(1)
    assert _decrypted(values["GC"].strip('"'), project_id) == b"\xff"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=20), st.integers(0, 255))
def test_encryption_can_be_undone(data: bytes, seed: int) -> None:
    assert _decrypted(encrypted("{ID}", data, seed), "{ID}") == data


def _decrypted(digits: str, project_id: str) -> bytes:
    seed, version, key, *rest = bytes.fromhex(digits)
    assert version ^ seed == 2
    assert key ^ seed == sum(project_id.encode()) & 0xFF
    unencrypted, previous, before = key ^ seed, key, version
    plain = []
    for byte in rest:
        decoded = byte ^ ((before + unencrypted) & 0xFF)
        plain.append(decoded)
        before, previous, unencrypted = previous, byte, decoded
    ignored = (seed & 6) // 2
    (length,) = struct.unpack("<I", bytes(plain[ignored : ignored + 4]))
    content = bytes(plain[ignored + 4 :])
    assert len(content) == length
    return content


def test_the_stream_of_directory_names_every_module() -> None:
    modules = vba_modules(["ShHome", "ShOrders"])
    with olefile.OleFileIO(io.BytesIO(vba_project(modules))) as found:
        directory = decompress(found.openstream(["VBA", "dir"]).read())
        assert found.openstream(["VBA", "_VBA_PROJECT"]).read() == bytes.fromhex("CC61FFFF000000")
        for module in modules:
            assert module.name.encode() in directory
            assert decompress(found.openstream(["VBA", module.name]).read()).decode("cp1252") == module.source


def test_xlwings_reads_its_settings_from_our_sheet() -> None:
    text = xlwings_module()
    assert 'Public Const PROJECT_NAME As String = "tieout"' in text
    assert 'PROJECT_NAME As String = "xlwings"' not in text
    assert "BSD 3-clause" in text
