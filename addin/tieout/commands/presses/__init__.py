"""The presses of the ribbon's buttons: from a workbook's cells to a plan of what its cells shall say then.

Each reads what it needs of the workbook first, does its work without touching it, and returns what is to be written;
`run` writes it at once. The store is the truth: a write that fails loses nothing.
"""
