"""The way to QuickBooks Online."""
