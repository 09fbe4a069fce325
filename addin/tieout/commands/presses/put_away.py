"""The orders that the user put away without posting them."""

import json
from collections.abc import Iterable

from tieout.commands.presses.press import Press

_PUT_AWAY = "orders-put-away"


def put_away(press: Press) -> frozenset[str]:
    """The orders that the user put away."""
    return frozenset(json.loads(press.store.settings.get(_PUT_AWAY, "[]")))


def keep_put_away(press: Press, order_ids: Iterable[str]) -> None:
    """Note which orders are put away."""
    text = json.dumps(sorted(order_ids))
    if text != press.store.settings.get(_PUT_AWAY, "[]"):
        press.store.settings.put(_PUT_AWAY, text)
