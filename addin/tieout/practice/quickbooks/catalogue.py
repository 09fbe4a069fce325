"""Every kind of object the server knows, by Intuit's name and by its path in the API."""

from collections.abc import Mapping

from tieout.practice.quickbooks.accounts import ACCOUNTS
from tieout.practice.quickbooks.applications import BILL_PAYMENTS, PAYMENTS
from tieout.practice.quickbooks.attachables import ATTACHABLES
from tieout.practice.quickbooks.bank_moves import DEPOSITS, TRANSFERS
from tieout.practice.quickbooks.expenses import BILLS, PURCHASES, VENDOR_CREDITS
from tieout.practice.quickbooks.items import ITEMS
from tieout.practice.quickbooks.journal_entries import JOURNAL_ENTRIES
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.name_lists import CLASSES, DEPARTMENTS, PAYMENT_METHODS, TERMS
from tieout.practice.quickbooks.parties import CUSTOMERS, VENDORS
from tieout.practice.quickbooks.sales_forms import CREDIT_MEMOS, INVOICES, REFUND_RECEIPTS, SALES_RECEIPTS
from tieout.practice.quickbooks.tax_codes import TAX_CODES, TAX_RATES

_LISTS = (ACCOUNTS, CUSTOMERS, VENDORS, ITEMS, CLASSES, DEPARTMENTS, TERMS, PAYMENT_METHODS, TAX_CODES, TAX_RATES)
_SALES = (INVOICES, SALES_RECEIPTS, CREDIT_MEMOS, REFUND_RECEIPTS, PAYMENTS)
_COSTS = (BILLS, VENDOR_CREDITS, BILL_PAYMENTS, PURCHASES)
_OTHERS = (JOURNAL_ENTRIES, DEPOSITS, TRANSFERS, ATTACHABLES)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*_LISTS, *_SALES, *_COSTS, *_OTHERS)}

BY_PATH: Mapping[str, Kind] = {name.lower(): kind for name, kind in KINDS.items()}
