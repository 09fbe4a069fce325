"""The way to Amazon's Selling Partner API: python-amazon-sp-api, with a guarded session of our own under it.

- `usage_plans`, `limiter`: which operations, how often, in turn with other processes;
- `tokens`: access tokens, renewed ahead of their end, in memory only;
- `session`, `faults`: one request to an answer or to a finding, status first;
- `clients`: the library's operations on that session;
- `paging`, `report_documents`, `connection`: listings to their end, documents as bytes, one account in one region;
- `opening`: all of it put together for a seller's account.
"""
