"""The way to QuickBooks Online: python-quickbooks, with a guarded session of our own under it.

What goes through python-quickbooks' `QuickBooks` object: addresses, minor version, request ids, the bearer header,
queries, reads, creates, deletes and change data capture. What we do ourselves, because of what was found by reading
and running python-quickbooks 0.9.12 (it has no time-outs, never refreshes on a 401, raises a throttle as a
ValidationException, keeps the first of several errors only, hides `intuit_tid`, writes Decimals as strings and
adds tax fields to journal lines that nobody stated):

- `session`: time-outs, one refresh on 401, waits on 429, bounds, no redirects; a refused or lost request leaves it
  as an outcome before the library's own reading of faults begins;
- `tokens`: refresh tokens that are stored before they are used;
- `encode`, `decode`: exact bytes out, exact amounts in;
- `faults`: what an answer says of a request, by code and message.
"""
