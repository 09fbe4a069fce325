"""The practice seller: a deterministic world of orders, settlements, listings and stock, from a seed."""

from tieout.practice.shop.account import ShopSettlement
from tieout.practice.shop.big_file import write_settlement_file
from tieout.practice.shop.making import make_shop, shop_for_demo
from tieout.practice.shop.periods import START, last_start
from tieout.practice.shop.world import Shop

__all__ = [
    "START",
    "Shop",
    "ShopSettlement",
    "last_start",
    "make_shop",
    "shop_for_demo",
    "write_settlement_file",
]
