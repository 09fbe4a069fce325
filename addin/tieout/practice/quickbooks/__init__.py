"""Practice QuickBooks Online: a stateful loopback server written from Intuit's documents."""

from tieout.practice.quickbooks.server import PracticeQuickBooks

__all__ = ["PracticeQuickBooks"]
