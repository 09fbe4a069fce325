"""The other forms in which Amazon writes one fee.

Until about 2025 fees came as other-transaction / other-transaction / <fee>; since then the same fees come as FBAFees
(or AmazonFees) / <fee> / "Base fee", "Tax on fee" or "Discount on fee". A fee charged anew is "<fee> - Correction"
beside "<fee> - Reversal". A fee known in one form is known in the others; nothing else is (a new name is a new fee).
"""

import re

from tieout.domain.settlement import Kind
from tieout.rules.spelling import folded

OLDER = "other-transaction"
NEWER = ("FBAFees", "AmazonFees")
_NEWER_FOLDED = frozenset(folded(name) for name in NEWER)
_PARTS_FOLDED = frozenset({"basefee", "taxonfee", "discountonfee"})
_BASE = "Base fee"
_CORRECTED = re.compile(r"\s*-\s*(?:correction|reversal)\s*\Z", re.IGNORECASE)


def other_forms(kind: Kind) -> tuple[Kind, ...]:
    """The forms under which the same fee may be known, nearest first; empty for what has one form only."""
    forms = _forms(kind)
    plain = _uncorrected(kind)
    if plain is not None:
        forms += (plain, *_forms(plain))
    return forms


def _forms(kind: Kind) -> tuple[Kind, ...]:
    transaction, amount, description = (
        folded(word) for word in (kind.transaction_type, kind.amount_type, kind.amount_description)
    )
    if transaction in _NEWER_FOLDED and description in _PARTS_FOLDED:
        return _of_newer(kind)
    if transaction == amount == folded(OLDER):
        return tuple(_kind(kind, name, kind.amount_description, _BASE) for name in NEWER)
    return ()


def _of_newer(kind: Kind) -> tuple[Kind, ...]:
    name, part = kind.amount_type, kind.amount_description
    own = kind.transaction_type
    others = [other for other in NEWER if folded(other) != folded(own)]
    forms = [_kind(kind, own, name, _BASE)]
    forms += [_kind(kind, other, name, description) for other in others for description in (part, _BASE)]
    return (*forms, _kind(kind, OLDER, OLDER, name))


def _uncorrected(kind: Kind) -> Kind | None:
    """The fee that a correction or reversal is of."""
    amount = _CORRECTED.sub("", kind.amount_type)
    description = _CORRECTED.sub("", kind.amount_description)
    if (amount, description) == (kind.amount_type, kind.amount_description):
        return None
    return _kind(kind, kind.transaction_type, amount, description)


def _kind(kind: Kind, transaction_type: str, amount_type: str, description: str) -> Kind:
    return Kind(transaction_type, amount_type, description, kind.marketplace_name)
