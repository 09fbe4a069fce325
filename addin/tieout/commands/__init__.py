"""One file a button: orchestration, no rules."""
