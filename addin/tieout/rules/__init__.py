"""Records, mappings and settings into balanced drafts. Pure."""
