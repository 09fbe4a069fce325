"""Characters: one encoding a file, strictly, whatever Amazon, a spreadsheet or an editor wrote it in."""

import pytest

from tests.parse.making import File, document, good, line, refused, small_file, summary
from tieout.domain.document import Document
from tieout.domain.finding import Finding
from tieout.parse.encodings import DecodedText, decode

TEXT = "settlement-id\tsku\r\n1\tTasse größer\r\n"
JAPANESE = "settlement-id\tcurrency\tsku\n1\tJPY\t湯呑み\n"


def decoded(content: bytes, charset: str = "") -> DecodedText:
    result = decode(document(content, charset=charset))
    assert isinstance(result, DecodedText)
    return result


def finding(content: bytes, charset: str = "") -> Finding:
    result = decode(document(content, charset=charset))
    assert isinstance(result, Finding)
    return result


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_each_encoding_gives_the_same_text(content: bytes, encoding: str) -> None:
    assert decoded(content) == DecodedText(TEXT.encode(), encoding)


def test_plain_text_is_not_copied() -> None:
    plain = document(TEXT.encode())
    result = decode(plain)
    assert isinstance(result, DecodedText)
    assert result.utf8 is plain.content


def test_japanese_code_page_where_the_file_is_of_japan() -> None:
    assert decoded(JAPANESE.encode("cp932")) == DecodedText(JAPANESE.encode(), "cp932")
    elsewhere = JAPANESE.replace("JPY", "EUR").encode("cp932")
    assert decoded(elsewhere, "Shift_JIS").utf8.decode() == JAPANESE.replace("JPY", "EUR")


def test_declared_charset_comes_after_utf8_and_before_guesses() -> None:
    text = "settlement-id\tsku\n1\tкружка\n"
    assert decoded(text.encode("cp1251"), "windows-1251").utf8 == text.encode()
    assert decoded(text.encode("utf-8"), "windows-1251").utf8 == text.encode()
    # Amazon's downloads say Latin-1 for what Windows wrote.
    assert decoded("sku\n5 €\n".encode("cp1252"), "ISO-8859-1").utf8 == "sku\n5 €\n".encode()


@pytest.mark.parametrize("charset", ["", "no-such-charset", "hex", "utf-8", '"windows-1252"', "\0"])
def test_charsets_that_say_nothing_do_no_harm(charset: str) -> None:
    assert decoded(TEXT.encode("cp1252"), charset).utf8 == TEXT.encode()


@pytest.mark.parametrize("content", [b"", b"  \n\r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf \n"])
def test_empty(content: bytes) -> None:
    assert finding(content).code == "file-empty"


def test_zero_bytes_are_damage() -> None:
    found = finding(b"settlement-id\tsku\n1\tcup\n2\tc\0p\n")
    assert (found.code, found.where and found.where.row) == ("file-nul-bytes", 3)  # type: ignore[union-attr]
    assert finding(b"PNG\0\0\0\1\2\3").code == "file-nul-bytes"


def test_bytes_that_fit_no_encoding() -> None:
    # 0x81 is undefined in cp1252, and 0x81 0x20 in cp932.
    found = finding(b"settlement-id\tsku\n1\tcup\n2\t\x81 \n")
    assert (found.code, found.where and found.where.row) == ("file-encoding-unknown", 3)  # type: ignore[union-attr]


def test_utf16_cut_in_the_middle_of_a_character() -> None:
    assert finding(TEXT.encode("utf-16-le")[:-1]).code == "file-encoding-unknown"


def test_large_text_is_checked_to_its_end() -> None:
    long = "ä".encode() * 700_000  # longer than a piece, and a piece ends within a character
    assert decoded(b"a" + long).encoding == "utf-8"
    assert decoded(b"a" + long + b"\xe4").encoding == "cp1252"


def test_old_macintosh_line_ends() -> None:
    assert decoded(b"settlement-id\rsku\r").utf8 == b"settlement-id\nsku\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_settlement_is_the_same_in_each_encoding(encoding: str, end: str) -> None:
    file = File([summary("49.90"), line("49.90", sku="TASSE-GRÖSSE-Ü")], end=end)
    settlement = good(file.text.encode(encoding))
    assert str(settlement.sum_of_rows) == "USD 49.90"
    (only,) = settlement.lines.lines()
    assert (only.sku, dict(only.fields)["sku"], only.row) == ("TASSE-GRÖSSE-Ü", "TASSE-GRÖSSE-Ü", 3)


def test_a_settlement_of_japan() -> None:
    rows = [
        summary("1,234", currency="JPY"),
        line("1,500", marketplace_name="Amazon.co.jp", sku="湯呑み"),
        line("-266", ("Order", "ItemFees", "Commission"), marketplace_name="Amazon.co.jp", sku="湯呑み"),
    ]
    settlement = good(File(rows).text.encode("cp932"))
    assert (settlement.marketplace, settlement.total.minor, str(settlement.difference)) == ("JP", 1234, "JPY 0")
    assert [line.sku for line in settlement.lines.lines()] == ["湯呑み", "湯呑み"]


def test_hash_is_of_the_bytes_as_they_came() -> None:
    content = small_file().text.encode("utf-16")
    assert good(content).origin.sha256 == Document.of("x", content).sha256


def test_not_text_at_all() -> None:
    assert refused(bytes(range(1, 256)) * 4).code in {"file-encoding-unknown", "settlement-not-recognised"}
