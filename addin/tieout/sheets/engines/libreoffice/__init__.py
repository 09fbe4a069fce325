"""The engine for a living LibreOffice: formulas recalculate, macros run, sheets print."""
