"""What a person is told while QuickBooks is connected or disconnected."""

from tieout.domain.books import BooksCompany
from tieout.domain.company import Company
from tieout.domain.finding import Finding, Severity


def no_address() -> Finding:
    """That what was pasted is not the address that the browser came to."""
    return Finding(
        code="redirect-unreadable",
        severity=Severity.REFUSED,
        what="That is not the address to which QuickBooks sent the browser: it holds no code.",
        to_do='Copy the whole address out of the browser\'s address bar; it holds "code=" and "realmId=".',
    )


def declined(reason: str) -> Finding:
    """That the person, or Intuit, said no."""
    said = "".join(sign for sign in reason if sign.isalnum() or sign in "_- ")[:60]
    return Finding(
        code="sign-in-declined",
        severity=Severity.REFUSED,
        what=f"QuickBooks was not connected: Intuit says {said or 'no'}.",
        to_do='Start again and choose "Connect". It takes an administrator of the QuickBooks company.',
    )


def of_another_attempt() -> Finding:
    """That the address answers another attempt than this one."""
    return Finding(
        code="redirect-of-another-attempt",
        severity=Severity.REFUSED,
        what="That address answers another attempt to connect than this one, perhaps somebody else's.",
        to_do="Start again, and use the page that opens now.",
    )


def no_company() -> Finding:
    """That Intuit did not say which company it is."""
    return Finding(
        code="redirect-without-company",
        severity=Severity.REFUSED,
        what="Intuit did not say which QuickBooks company was chosen (the address holds no realmId).",
        to_do="Start again, and choose a company when Intuit asks for one.",
    )


def other_company(company: Company, bound: str, chosen: str) -> Finding:
    """That another company was chosen than the one everything is in."""
    return Finding(
        code="connected-to-other-company",
        severity=Severity.REFUSED,
        what=f"{company.name} is bound to QuickBooks company {bound}; {chosen} was chosen. Nothing was connected.",
        to_do="Start again and choose that one, or add another company in Tieout for the other books.",
        subject=company.name,
    )


def keys_missing() -> Finding:
    """That the app's keys were never said."""
    return Finding(
        code="app-keys-missing",
        severity=Severity.REFUSED,
        what="The client id and client secret of your Intuit app are not known yet.",
        to_do='Make an app at developer.intuit.com, and take both from its page "Keys and credentials".',
    )


def keys_malformed(what: str) -> Finding:
    """That a key does not look like one."""
    return Finding(
        code="app-keys-malformed",
        severity=Severity.REFUSED,
        what=f"That is not what Intuit's keys look like: {what}.",
        to_do='Copy client id and client secret from your app\'s page "Keys and credentials", each whole.',
    )


def redirect_unusable(redirect: str) -> Finding:
    """That an address can't be one that Intuit sends browsers to."""
    return Finding(
        code="redirect-unusable",
        severity=Severity.REFUSED,
        what=f"{redirect} can't be a redirect address: it has to be https, or http to localhost.",
        to_do="Use one of your app's redirect URIs at developer.intuit.com; only development keys may use localhost.",
    )


def other_currency(company: Company, books: BooksCompany, currency: str) -> Finding:
    """That the books are kept in another currency than the company's country has."""
    return Finding(
        code="books-currency-differs",
        severity=Severity.NOTICE,
        what=f"The books of {books.name} are in {currency}, {company.name} was added with {company.home_currency}.",
        to_do="Check that this is the right QuickBooks company, and the accounts and tax codes on the sheets.",
        subject=company.name,
    )


def not_connected(company: Company) -> Finding:
    """That there is nothing to disconnect."""
    return Finding(
        code="nothing-to-disconnect",
        severity=Severity.NOTICE,
        what=f"{company.name} is not connected to QuickBooks.",
        to_do="Nothing has to be done.",
        subject=company.name,
    )


def not_revoked(company: Company, reason: str) -> Finding:
    """That the credentials are gone here, and Intuit could not be told."""
    return Finding(
        code="permission-not-withdrawn",
        severity=Severity.NOTICE,
        what=f"The credentials of {company.name} are gone here, but Intuit could not be told: {reason.rstrip('.')}.",
        to_do='Withdraw the permission in QuickBooks, under "Apps", "My apps".',
        subject=company.name,
    )


def page_not_opened(reason: str) -> Finding:
    """That the page on this machine could not be made."""
    return Finding(
        code="sign-in-page-not-opened",
        severity=Severity.REFUSED,
        what=f"The page for signing in could not be opened on this machine: {reason.rstrip('.')}.",
        to_do="Use `tieout connect quickbooks --paste`, which needs no page.",
    )
