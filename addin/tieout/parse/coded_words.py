"""Columns of texts that repeat, as codes: each distinct text is looked at once, in plain exact Python.

The result is put back over the whole column, so that ten lines and a million take the same way.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def word_type() -> "pl.DataType":
    """A column type for texts that repeat, with codes of its own that count from 0."""
    import polars as pl

    return pl.Categorical(pl.Categories.random("tieout"))


def distinct_texts(words: "pl.Series") -> dict[int, str]:
    """The texts of a column of such a type by their codes, in the order of their first rows, nulls left out."""
    import polars as pl

    unique = words.unique(maintain_order=True).drop_nulls()
    return dict(zip(unique.to_physical().to_list(), unique.cast(pl.String).to_list(), strict=True))


def put_back(words: "pl.Series", values: Mapping[int, Any], dtype: "pl.DataType") -> "pl.Series":
    """For each row of a column of such a type, the value of its code; null for null."""
    import polars as pl

    by_code: list[Any] = [None] * (max(values, default=-1) + 1)
    for code, value in values.items():
        by_code[code] = value
    return pl.Series(by_code, dtype=dtype).gather(words.to_physical())
