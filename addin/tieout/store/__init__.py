"""One company, one database: documents, drafts, outbox, postings, activity."""
