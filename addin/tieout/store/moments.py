"""Aware moments as the database keeps them: ISO 8601 text in UTC, empty for none."""

from datetime import UTC, datetime


def moment_text(moment: datetime | None) -> str:
    """Text that sorts as moments do; ValueError for a moment without a time zone."""
    if moment is None:
        return ""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone can't be kept")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment_of(text: str) -> datetime | None:
    """The moment of such a text; None for an empty one."""
    return datetime.fromisoformat(text) if text else None
