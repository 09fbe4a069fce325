"""Builds the workbook on the user's machine, from the text in `workbook/`: no macro file is ever downloaded."""

from tieout.sheets.build.book import build_workbook

__all__ = ["build_workbook"]
