"""The objects that xlwings calls, the same for every engine, over the protocols of `hosts`.

xlwings 0.37.8 calls engines through duck-typed objects (its `base_classes`); nothing here imports xlwings but
where it has the one implementation of a rule, as for expanding a range.
"""
