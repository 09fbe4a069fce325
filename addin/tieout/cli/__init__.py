"""The `tieout` command."""

from tieout.cli.app import main

__all__ = ["main"]
