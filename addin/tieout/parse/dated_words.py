"""Columns of dates as codes, cut to what decides a day, so that a million lines have a few hundred distinct dates.

Amazon writes a date's first 19 characters in one width ("2024-10-26 18:32:18 UTC"). Minutes and seconds hardly ever
decide a day: only where midnight does not fall on a whole hour of the file's clock.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tieout.parse.coded_words import distinct_texts, word_type

if TYPE_CHECKING:
    import polars as pl

# How many characters stand before the minutes, and before the seconds.
TO_THE_HOUR = 13
TO_THE_MINUTE = 16
# What follows there, and what stands for the part left out.
_REST = {
    TO_THE_HOUR: (re.compile(r":[0-5][0-9]:[0-5][0-9]([^0-9.].*)?"), ":00:00"),
    TO_THE_MINUTE: (re.compile(r":[0-5][0-9]([^0-9.].*)?"), ":00"),
}


@dataclass(frozen=True, slots=True)
class DatedWords:
    """Codes of a column of dates, one for each line (null where it is empty), and each code's text.

    `span_seconds` is how much time one code can stand for beyond its text: 0 if the texts are whole.
    """

    words: "pl.Series"
    texts: dict[int, str]
    span_seconds: int


def dated_words(texts: "pl.Series", kept: int) -> DatedWords:
    """The column cut to the hour or the minute (`kept`) if all its texts are in Amazon's width, else whole."""
    shape, left_out = _REST[kept]
    endings = set()
    for rest in texts.str.slice(kept).unique().drop_nulls():
        match = shape.fullmatch(rest)
        if match is None:
            words = texts.cast(word_type())
            return DatedWords(words, distinct_texts(words), 0)
        endings.add(match[1] or "")
    if len(endings) > 1:
        tails = texts.str.slice(kept + len(left_out))
        words = (texts.str.head(kept) + left_out + tails).cast(word_type())
        return DatedWords(words, distinct_texts(words), _span(kept))
    words = texts.str.head(kept).cast(word_type())
    after = left_out + "".join(endings)
    return DatedWords(words, {code: text + after for code, text in distinct_texts(words).items()}, _span(kept))


def _span(kept: int) -> int:
    return 3599 if kept == TO_THE_HOUR else 59
