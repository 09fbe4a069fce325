"""The `tieout` command."""

from tieout.cli.run import main

__all__ = ["main"]
