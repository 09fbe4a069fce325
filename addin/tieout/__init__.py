"""Tieout: Amazon's orders and settlements, in QuickBooks, tied out to the cent, from an Excel workbook."""

__version__ = "0.1.0"
