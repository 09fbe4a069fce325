"""What ties out to what, and why not. Pure."""
