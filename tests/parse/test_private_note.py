"""The note by which a document is known again: what is written is read, older forms too, and nothing else is taken
for it.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.domain.books import BooksDocument, BooksLine, differences, is_sealed, seal_of
from tieout.domain.content import is_same_content
from tieout.domain.money import Money
from tieout.domain.private_note import PrivateNote, has_seal, is_same_note, marked_hash, plain, read_note

WHOLE = "0123456789abcdef" * 4
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
SEALS = st.text("0123456789abcdef", min_size=16, max_size=16)
NOTES = st.builds(
    PrivateNote,
    memo=st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
    .filter(lambda text: "tieout:" not in text)
    .map(plain),
    content=HEX,
    number=st.text("ABZ0129-", min_size=1, max_size=21),
    subject=st.text(min_size=1, max_size=30).filter(lambda text: text.isascii() or text.isprintable()),
    part=st.integers(1, 12),
    parts=st.just(12),
    seal=SEALS,
)


@settings(max_examples=150)
@given(NOTES)
def test_what_is_written_is_read(note: PrivateNote) -> None:
    text = note.text(4_000)
    assert read_note(text) == note
    assert read_note(f"  {text}\n") == note
    assert has_seal(text)
    assert not has_seal(replace(note, seal="").text(4_000))
    assert len(note.text(260)) <= 260 or not note.memo


@pytest.mark.parametrize(
    ("text", "number", "subject", "part", "parts"),
    [
        ("Amazon order 1 [113-1; tieout:0123456789abcdef]", "113-1", "", 1, 1),
        ("Amazon US settlement [Amazon settlement 222, part 1 of 2; tieout:0123456789abcdef]", "", "222", 1, 2),
        ("Amazon US settlement [Amazon settlement 333; tieout:0123456789abcdef]", "", "333", 1, 1),
        ("[AMZ-1-1T; tieout:0123456789abcdef]", "AMZ-1-1T", "", 1, 1),
    ],
)
def test_older_notes_are_read(text: str, number: str, subject: str, part: int, parts: int) -> None:
    note = read_note(text)
    assert note is not None
    assert (note.number, note.subject, note.part, note.parts, note.seal) == (number, subject, part, parts, "")
    assert note.content == "0123456789abcdef"
    newer = PrivateNote(note.memo, WHOLE, number or "AMZ-1-1", subject or "1", part, parts, "f" * 16).text(4_000)
    assert is_same_note(newer, text)
    assert is_same_note(text, newer)
    assert not is_same_note(newer, text.replace("0123", "0124"))
    assert is_same_content(note.content, WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rent",
        "tieout",
        "tieout:",
        "tieout:0123",
        "tieout:0123456789abcdef0",
        f"tieout:{WHOLE}0",
        "[AMZ-1-1; for 1]",
    ],
)
def test_other_notes_are_none_of_ours(text: str) -> None:
    assert read_note(text) is None
    assert marked_hash(text) == ""
    assert not has_seal(text)


def test_what_a_person_writes_around_the_tail_is_memo() -> None:
    text = f"Checked. [AMZ-1-1; for 1; tieout:{WHOLE}; sealed:{'f' * 16}] By Ben"
    note = read_note(text)
    assert note is not None
    assert (note.memo, note.number) == ("Checked. By Ben", "AMZ-1-1")


def test_a_mark_without_its_tail_is_a_mark_still() -> None:
    note = read_note(f"somebody tore it: tieout:{WHOLE}]")
    assert note is not None
    assert (note.content, note.number, note.seal) == (WHOLE, "", "")


DOCUMENT = BooksDocument(
    entity="Invoice",
    doc_number="113-1",
    day=date(2026, 1, 15),
    currency="USD",
    total=Money(2_000, "USD"),
    note=PrivateNote("Amazon order 113-1", WHOLE, "113-1", "113-1").text(4_000),
    lines=(
        BooksLine(None, Money(1_500, "USD"), "item 1", "A mug", class_id="3"),
        BooksLine(None, Money(500, "USD"), "item 2", "Shipping"),
    ),
)


def _sealed(document: BooksDocument) -> BooksDocument:
    note = read_note(document.note)
    assert note is not None
    return replace(document, note=replace(note, seal=seal_of(document)).text(4_000))


def test_a_seal_holds_whatever_the_books_add_and_wherever_lines_stand() -> None:
    sealed = _sealed(DOCUMENT)
    assert is_sealed(sealed)
    assert not is_sealed(DOCUMENT)
    held = replace(sealed, id="7", sync_token="3", lines=sealed.lines[::-1], note=f" {sealed.note} ")
    assert is_sealed(held)
    assert differences(sealed, held, {}) == ()


CHANGES = {
    "number": {"doc_number": "113-2"},
    "day": {"day": date(2026, 1, 16)},
    "currency": {"currency": "EUR"},
    "kind": {"entity": "SalesReceipt"},
    "a line less": {"lines": DOCUMENT.lines[:1]},
    "an amount": {"lines": (DOCUMENT.lines[0], replace(DOCUMENT.lines[1], amount=Money(501, "USD")))},
    "an account": {"lines": (DOCUMENT.lines[0], replace(DOCUMENT.lines[1], account_id="item 3"))},
    "a text": {"lines": (DOCUMENT.lines[0], replace(DOCUMENT.lines[1], description="shipping"))},
    "a class": {"lines": (replace(DOCUMENT.lines[0], class_id=""), DOCUMENT.lines[1])},
    "a tax code": {"lines": (DOCUMENT.lines[0], replace(DOCUMENT.lines[1], tax_code_id="5"))},
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_seal_breaks_with_every_change(change: str) -> None:
    sealed = _sealed(DOCUMENT)
    changed = replace(sealed, **CHANGES[change])  # type: ignore[arg-type]
    assert not is_sealed(changed)
    if change != "kind":
        assert differences(sealed, changed, {}) != ()


@pytest.mark.parametrize("old", ["Amazon order", "113-1; for", "for 113-1", "tieout:0"])
def test_a_seal_breaks_with_the_memo_and_the_tail(old: str) -> None:
    sealed = _sealed(DOCUMENT)
    new = {"Amazon order": "Order", "113-1; for": "113-9; for", "for 113-1": "for 113-9", "tieout:0": "tieout:1"}[old]
    changed = replace(sealed, note=sealed.note.replace(old, new, 1))
    assert not is_sealed(changed)
    assert differences(sealed, changed, {}) != ()
