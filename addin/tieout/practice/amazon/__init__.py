"""Practice Amazon: a loopback server written from Amazon's own documents and models.

What it does not simulate: pricing, fees and catalogue, Finances v0, balances, summaries and transfers, report
schedules, notifications, shipment confirmation, buyers' names and addresses, and orders that Finances learns of two
days late. One address and one refresh token stand for all regions. Where Amazon's documents are silent, the module
concerned says what was chosen.
"""

from tieout.practice.amazon.server import PracticeAmazon

__all__ = ["PracticeAmazon"]
