"""Bytes into records and findings. Never touches the network."""
