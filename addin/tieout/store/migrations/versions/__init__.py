"""One module a change; once released, a change is never edited."""
