"""The engine for closed workbooks: it changes the cells asked for and keeps every other byte of the package."""
