"""Practice QuickBooks Online: a stateful loopback server written from Intuit's documents.

    with PracticeQuickBooks() as practice:
        practice.connection()   # addresses, realm, client id and secret, refresh tokens
        practice.ledger()       # account name → balance in minor units, debits positive

What it does: OAuth with rotating tokens; accounts, names, items, tax codes; all transactions an Amazon seller's
books need, each posted to a double-entry ledger; queries, batches, change data, uploads, reports; request ids in
three moods; Intuit's limits; faults as Intuit sends them, and a schedule of them.

What it does not: the cash basis, automated sales tax by address, first-in-first-out stock (it values at purchase
cost), estimates, purchase orders, time, payroll, projects, recurring transactions, webhooks, PDF and e-mail, minor
versions (it answers as version 75 always). Where Intuit's documents say nothing, a rule is the stricter guess and
its module says so. Always try the real sandbox before real books.
"""

from tieout.practice.quickbooks.server import PracticeQuickBooks

__all__ = ["PracticeQuickBooks"]
