"""Disconnect from QuickBooks: the permission is withdrawn at Intuit's, and the credentials go from this machine."""

from dataclasses import replace

from tieout.commands import connect_findings as say
from tieout.commands.connect_quickbooks import OF_CONNECTION, REFRESH_TOKEN, SERVICE, Connecting
from tieout.domain.activity import Activity
from tieout.domain.finding import Finding
from tieout.ports import BooksUnavailable


def disconnect_quickbooks(connecting: Connecting) -> tuple[Finding, ...]:
    """Withdraw the permission; the findings say what could not be done.

    What was posted stays, and so does the company's bond to those books, where anything was posted to them; else it
    can be connected to other books afterwards. The app's keys stay too: they are asked for once.
    """
    company = connecting.company
    with connecting.vault.locked(SERVICE):
        values = connecting.vault.load(SERVICE)
        token = values.get(REFRESH_TOKEN, "")
        if not token:
            return (say.not_connected(company),)
        findings = _revoke(connecting, token)
        kept = {name: value for name, value in values.items() if name not in OF_CONNECTION}
        connecting.vault.save(SERVICE, kept)
    realm_id = company.quickbooks.realm_id if company.quickbooks else ""
    if realm_id and not company.practice and realm_id not in connecting.outbox.realm_ids():
        connecting.bind(replace(company, quickbooks=None))
    now = connecting.clock.now()
    done = Activity(now, connecting.who, "disconnected from QuickBooks", company.name, before=realm_id)
    connecting.activity.append(done)
    return findings


def _revoke(connecting: Connecting, token: str) -> tuple[Finding, ...]:
    keys, place = connecting.known_keys(), connecting.known_place()
    if keys is None or place is None:
        return (say.not_revoked(connecting.company, "the keys of your Intuit app are not known any more"),)
    try:
        connecting.sign_in(place).revoke(keys, token)
    except BooksUnavailable as unavailable:
        return (say.not_revoked(connecting.company, unavailable.finding.what),)
    return ()
