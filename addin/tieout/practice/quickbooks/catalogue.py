"""Every kind of object the server knows, by Intuit's name and by its path in the API."""

from collections.abc import Mapping

from tieout.practice.quickbooks.accounts import ACCOUNTS
from tieout.practice.quickbooks.journal_entries import JOURNAL_ENTRIES
from tieout.practice.quickbooks.kinds import Kind
from tieout.practice.quickbooks.tax_codes import TAX_CODES, TAX_RATES

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (ACCOUNTS, JOURNAL_ENTRIES, TAX_CODES, TAX_RATES)}

BY_PATH: Mapping[str, Kind] = {name.lower(): kind for name, kind in KINDS.items()}
