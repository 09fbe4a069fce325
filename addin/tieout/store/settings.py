"""A company's settings by name, and every fee mapping it ever used."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from tieout.ports import Clock
from tieout.store.database import Database
from tieout.store.moments import moment_of, moment_text
from tieout.store.schema import MAPPING_HISTORY, SETTINGS


class StoredSettings:
    """Values by name, as text; what a name means, and its default, is the reader's matter."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, name: str, default: str = "") -> str:
        """The value of a name."""
        with self._database.reading() as connection:
            value = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == name)).scalar()
        return default if value is None else str(value)

    def put(self, name: str, value: str) -> None:
        """Give a name a value."""
        with self._database.writing() as connection:
            connection.execute(delete(SETTINGS).where(SETTINGS.c.name == name))
            now = moment_text(self._clock.now())
            connection.execute(insert(SETTINGS).values(name=name, value=value, changed_at=now))


@dataclass(frozen=True, slots=True)
class UsedMapping:
    """A fee mapping as it was used from `at` on: the text of the CSV file, and who brought it."""

    number: int
    at: datetime
    who: str
    sha256: str
    text: str


class StoredMappings:
    """The history of a company's own fee mappings."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(self, text: str, who: str) -> bool:
        """Keep a mapping as the newest; whether it differs from the one before."""
        sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
        with self._database.writing() as connection:
            order = MAPPING_HISTORY.c.number.desc()
            last = connection.execute(select(MAPPING_HISTORY).order_by(order).limit(1)).first()
            if last is not None and last.sha256 == sha256:
                return False
            number = 1 if last is None else last.number + 1
            now = moment_text(self._clock.now())
            row = {"number": number, "at": now, "who": who, "sha256": sha256, "text": text}
            connection.execute(insert(MAPPING_HISTORY).values(row))
        return True

    def history(self) -> tuple[UsedMapping, ...]:
        """Every mapping, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(MAPPING_HISTORY).order_by(MAPPING_HISTORY.c.number)).all()
        used = []
        for row in rows:
            at = moment_of(row.at)
            assert at is not None, "every mapping has its moment"
            used.append(UsedMapping(row.number, at, row.who, row.sha256, row.text))
        return tuple(used)
