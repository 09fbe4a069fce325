"""Practice Amazon: a loopback server written from Amazon's own documents and models."""

from tieout.practice.amazon.server import PracticeAmazon

__all__ = ["PracticeAmazon"]
