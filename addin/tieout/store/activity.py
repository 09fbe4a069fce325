"""The activity log: who did what, when, before and after; append-only, each entry chained to the one before.

The database refuses changes to it (triggers of the first migration); `first_break` finds them where somebody
went around the database.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, insert, select

from tieout.domain.activity import FIRST_HASH, Activity, LoggedActivity, chained_hash
from tieout.store.database import Database
from tieout.store.moments import moment_of, moment_text
from tieout.store.schema import ACTIVITY


class StoredActivity:
    """The activity log of one company."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, activity: Activity) -> None:
        """Add an entry, in a transaction of its own."""
        with self._database.writing() as connection:
            append_in(connection, [activity])

    def entries(self) -> Iterator[LoggedActivity]:
        """All entries, oldest first."""
        with self._database.reading() as connection:
            for row in connection.execute(select(ACTIVITY).order_by(ACTIVITY.c.number)):
                at = moment_of(row.at)
                assert at is not None, "every entry has its moment"
                activity = Activity(at, row.who, row.what, row.subject, row.before, row.after)
                yield LoggedActivity(row.number, activity, row.previous_hash, row.hash)

    def first_break(self) -> int | None:
        """The number of the first entry that is not what it was, or is missing; None where the chain is whole."""
        previous = FIRST_HASH
        for number, entry in enumerate(self.entries(), start=1):
            expected = chained_hash(number, entry.activity, previous)
            if (entry.number, entry.previous_hash, entry.hash) != (number, previous, expected):
                return number
            previous = entry.hash
        return None


def append_in(connection: Connection, activities: Sequence[Activity]) -> None:
    """Add entries in the caller's transaction, in their order.

    Writers queue (tieout.store.database), and the unique number and hash before it hold the chain even if they did
    not.
    """
    last = connection.execute(
        select(ACTIVITY.c.number, ACTIVITY.c.hash).order_by(ACTIVITY.c.number.desc()).limit(1)
    ).first()
    number, previous = (last.number, last.hash) if last else (0, FIRST_HASH)
    rows = []
    for activity in activities:
        number += 1
        own = chained_hash(number, activity, previous)
        rows.append(
            {
                "number": number,
                "at": moment_text(activity.at),
                "who": activity.who,
                "what": activity.what,
                "subject": activity.subject,
                "before": activity.before,
                "after": activity.after,
                "previous_hash": previous,
                "hash": own,
            }
        )
        previous = own
    connection.execute(insert(ACTIVITY), rows)
