"""The way to Amazon's Selling Partner API."""
