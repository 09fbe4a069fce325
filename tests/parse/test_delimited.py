"""Lines and fields: separators, quotes, and the row numbers that a text editor shows."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parse.making import document
from tieout.domain.finding import Finding
from tieout.parse.delimited import DelimitedText, delimit
from tieout.parse.encodings import DecodedText, decode


def delimited(text: str) -> DelimitedText:
    doc = document(text)
    decoded = decode(doc)
    assert isinstance(decoded, DecodedText)
    result = delimit(doc, decoded)
    assert isinstance(result, DelimitedText)
    return result


def broken(text: str) -> Finding:
    doc = document(text)
    decoded = decode(doc)
    assert isinstance(decoded, DecodedText)
    result = delimit(doc, decoded)
    assert isinstance(result, Finding)
    assert result.code == "file-quotes-broken"
    return result


def rows(text: str) -> list[tuple[int, list[str]]]:
    return list(delimited(text).rows())


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separator_is_the_one_of_the_header(separator: str, end: str) -> None:
    text = end.join([separator.join(fields) for fields in (["a", "b", "c"], ["1", "", "3"], [], ["", "5", ""])])
    assert rows(text + end) == [(1, ["a", "b", "c"]), (2, ["1", "", "3"]), (3, []), (4, ["", "5", ""])]


def test_empty_lines_before_the_header_keep_their_numbers() -> None:
    text = delimited("\n \r\na\tb\n1\t2\n")
    assert (text.columns, text.first_row) == (("a", "b"), 3)
    assert list(text.rows()) == [(3, ["a", "b"]), (4, ["1", "2"])]


def test_quotes_of_csv() -> None:
    text = 'a,b,c\n"1,5","say ""so""",\n"x;y"," ",7\n'
    assert rows(text) == [(1, ["a", "b", "c"]), (2, ["1,5", 'say "so"', ""]), (3, ["x;y", " ", "7"])]


def test_quotes_of_tab_text_only_where_they_are_a_spreadsheets() -> None:
    text = 'a\tb\tc\n"128,84"\t"say ""so"""\t5" nail\n"open\tx"y\t"\n\t""\t\n'
    assert rows(text) == [
        (1, ["a", "b", "c"]),
        (2, ["128,84", 'say "so"', '5" nail']),
        (3, ['"open', 'x"y', '"']),
        (4, ["", "", ""]),
    ]


def test_quoted_header() -> None:
    assert delimited('"a","b"\n1,2\n').columns == ("a", "b")
    assert delimited('"a"\t"b"\n1\t2\n').columns == ("a", "b")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a,b\n1,"2\n', 2),
        ('a,b\n1,"2\n3",4\n5,6\n', 2),
        ('a,b\n1,2\n"3"4,5\n', 3),
        ('a,b\n1,2\n3,"4\n', 3),
        ('a,b\n"1\x1f",2\n', 2),
    ],
)
def test_quotes_that_dont_add_up(text: str, row: int) -> None:
    where = broken(text).where
    assert where is not None
    assert getattr(where, "row", None) == row


def test_last_line_without_an_end() -> None:
    assert delimited("a\tb\n1\t2\n").last_line_fields() is None
    assert delimited("a\tb\n1\t2").last_line_fields() == (2, 2)
    assert delimited("\na\tb\n1").last_line_fields() == (3, 1)
    assert delimited('a,b,c\n"1",2').last_line_fields() == (2, 2)


def test_plain_text_is_not_copied() -> None:
    doc = document("a\tb\n1\t2\n")
    decoded = decode(doc)
    assert isinstance(decoded, DecodedText)
    result = delimit(doc, decoded)
    assert isinstance(result, DelimitedText)
    assert result.utf8 is doc.content


field = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\x00\x1f\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=8
)


@settings(deadline=None)
@given(st.lists(st.lists(field, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from([",", ";"]))
def test_csv_written_is_csv_read(records: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(["first", "second", "third"])
    writer.writerows(records)
    assert [fields for _, fields in rows(out.getvalue())][1:] == records
