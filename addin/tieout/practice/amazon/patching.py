"""What Amazon does with the four patch operations on a listing's attributes.

`add` and `replace` put the given array in the place of the whole attribute: every sibling that is not in it is gone
(lead time, sale price, bounds, business offer). `merge` changes the given members of the instance with the same
selectors and leaves the rest. `delete` removes the attribute, or the instances whose selectors are given. Source:
the Listings Items model and threads of its maintainers about lost siblings and the later merge operation.
"""

from tieout.practice.amazon.wire import Doc

# What tells the instances of an attribute apart, in Amazon's product type definitions.
SELECTORS = ("marketplace_id", "audience", "currency", "fulfillment_channel_code", "language_tag")
_DEFAULTS = {"audience": "ALL"}
_PREFIX = "/attributes/"


def attribute_name(path: object) -> str | None:
    """The attribute a patch path names; None if the path is not of a top-level attribute."""
    if not isinstance(path, str) or not path.startswith(_PREFIX):
        return None
    name = path.removeprefix(_PREFIX)
    return name if name and "/" not in name else None


def apply_patches(attributes: Doc, patches: list[Doc]) -> Doc:
    """The attributes after the patches, in their order; what was given stays as it was."""
    result = dict(attributes)
    for patch in patches:
        name = attribute_name(patch["path"])
        assert name is not None, "patches are checked before they are kept"
        given = list(patch.get("value") or ())
        if patch["op"] in ("add", "replace"):
            result[name] = given
        elif patch["op"] == "merge":
            result[name] = _merged(result.get(name, []), given)
        else:
            left = [one for one in result.get(name, []) if given and not any(_same(one, other) for other in given)]
            result.pop(name, None)
            if left:
                result[name] = left
    return result


def _merged(present: list[Doc], given: list[Doc]) -> list[Doc]:
    merged = [dict(one) for one in present]
    for change in given:
        for number, one in enumerate(merged):
            if _same(one, change):
                merged[number] = {**one, **change}
                break
        else:
            merged.append(dict(change))
    return merged


def _same(one: Doc, other: Doc) -> bool:
    """Whether two instances have the same selectors; one that a side leaves out is not compared, audience is ALL."""
    for key in SELECTORS:
        left, right = one.get(key, _DEFAULTS.get(key)), other.get(key, _DEFAULTS.get(key))
        if left is not None and right is not None and left != right:
            return False
    return True
