"""The way to cells."""
