"""Waits, a little longer at random, so that programs which failed together do not come back together."""

from random import Random


def jittered(seconds: int, dice: Random) -> int:
    """`seconds`, made longer by up to a half (whole seconds)."""
    return seconds + dice.randint(0, seconds // 2)
