"""Change data capture: what changed since a moment, deletions told.

Source: Intuit's ChangeDataCapture reference: up to 30 days back, at most 1000 objects, grouped by kind, in order
of last update, deleted objects after the live ones; not for TaxCode, TaxRate and TaxAgency.
"""

from datetime import timedelta

from tieout.practice.quickbooks.catalogue import KINDS
from tieout.practice.quickbooks.company import Company
from tieout.practice.quickbooks.faults import fault, missing
from tieout.practice.quickbooks.figures import Doc
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.query import moment_of
from tieout.practice.quickbooks.records import Record, micros, stamp

LOOK_BACK_DAYS = 30
OBJECTS_MAX = 1000
_UNSUPPORTED = ("TaxCode", "TaxRate", "TaxAgency")


def since(company: Company, entities: str, changed_since: str) -> list[Doc]:
    """The `CDCResponse` for a comma-separated list of kinds and a time."""
    if not entities:
        raise missing("entities")
    moment = moment_of(changed_since)
    if moment is None:
        raise fault("2070", f"Invalid date. Supplied value:{changed_since}", "changedSince")
    if company.now() - moment > timedelta(days=LOOK_BACK_DAYS):
        raise fault("2190", f"changedSince goes back {LOOK_BACK_DAYS} days at most.", "changedSince")
    left = OBJECTS_MAX
    responses: list[Doc] = []
    for name in entities.split(","):
        kind = next((kind for kind in KINDS.values() if kind.name.lower() == name.strip().lower()), None)
        if kind is None or kind.name in _UNSUPPORTED:
            raise fault("2000", f"Change data capture is not supported for {name}.", "entities")
        # The stamps that clients see have whole seconds, so a whole second is never cut in two.
        changed = _changed(company, kind, micros(moment) // 1_000_000 * 1_000_000)[:left]
        left -= len(changed)
        responses.append(_response(company, kind, changed))
    return [{"QueryResponse": responses}]


def _changed(company: Company, kind: Kind, moment: int) -> list[Record]:
    found = company.records.select(kind.name, "updated >= ?", (moment,), order="updated, id", deleted=True)
    return sorted(found, key=lambda record: record.deleted)


def _response(company: Company, kind: Kind, changed: list[Record]) -> Doc:
    if not changed:
        return {}
    live = [record.body() for record in changed if not record.deleted]
    kind.present(company, live)
    gone: list[Doc] = [
        {
            "status": "Deleted",
            "domain": "QBO",
            "Id": record.id,
            "MetaData": {"LastUpdatedTime": stamp(record.updated)},
        }
        for record in changed
        if record.deleted
    ]
    count = len(changed)
    return {kind.name: [*live, *gone], "startPosition": 1, "maxResults": count, "totalCount": count}
