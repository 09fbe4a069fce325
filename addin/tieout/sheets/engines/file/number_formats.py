"""Number formats: the built-in ones by number, and whether a format shows a day."""

import re

# ECMA-376 part 1, 18.8.30; 14 and 22 follow the user's locale in Excel and are named as Excel's US version does.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm", 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
CUSTOM_FIRST = 164  # smaller numbers are Excel's own
_DAY = BUILT_IN[14]
_MOMENT = BUILT_IN[22]
_TIME = BUILT_IN[21]
_NOT_CODES = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|General", re.I)
_MINUTES = re.compile(r"(?<=h)[^dymhs]*m+|m+(?=[^dymhs]*s)", re.I)


def shows_date(code: str) -> bool:
    """Whether a format shows a day, month or year; a time of day alone is a number, as in Excel's object model."""
    plain = _NOT_CODES.sub("", code.partition(";")[0])
    return bool(re.search(r"[dym]", _MINUTES.sub("", plain), re.I))


def format_for(has_day: bool, has_time: bool) -> str:
    """The format that Excel gives a cell of format General when a date or time is entered."""
    if not has_day:
        return _TIME
    return _MOMENT if has_time else _DAY
