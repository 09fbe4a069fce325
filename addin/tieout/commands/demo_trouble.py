"""What goes wrong in the demo, and how it is put right: two items in QuickBooks bear one SKU.

It happens: an item is made anew and the old one is left active. Orders of that SKU can't be posted, because nobody
can know which of the two they mean; all others can.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tieout.practice.quickbooks import PracticeQuickBooks
from tieout.practice.shop import Shop

_OLD = " (old)"
_FEW = 3  # at least so many orders go through Errors, so that it is seen


@dataclass(frozen=True, slots=True)
class TwoItems:
    """The two items, `old` to be made inactive; `repair` says it."""

    books: PracticeQuickBooks
    old: Mapping[str, str]

    @property
    def repair(self) -> str:
        """What is done about it, in a sentence."""
        return f"the item {self.old['Name']} was made inactive in QuickBooks"

    def put_right(self) -> None:
        """Make the old item inactive, as a person does it in QuickBooks."""
        self.books.edit_as_person("Item", self.old["Id"], {"Active": False})


def two_items_of_one_sku(shop: Shop, books: PracticeQuickBooks) -> TwoItems:
    """Let QuickBooks have two active items with the SKU of a product that is sold a few times."""
    sold = Counter(sku for order in shop.orders() for sku in {line.product.sku for line in order.lines})
    fewest = min((count, sku) for sku, count in sold.items() if count >= _FEW)[1]
    [title] = {product.title.replace(",", "") for product in shop.products if product.sku == fewest}
    [income] = books.query("select Id from Account where AccountType = 'Income' maxresults 1")["Account"]
    made = [
        books.create_as_person(
            "Item",
            {
                "Name": name,
                "Sku": fewest,
                "Type": "NonInventory",
                "IncomeAccountRef": {"value": income["Id"]},
            },
        )
        for name in (title, title + _OLD)
    ]
    return TwoItems(books, made[1])
