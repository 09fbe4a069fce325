"""Which setting a finding about an order is to be put right in, where the finding names no cell itself."""

# The place of the rules of the sheet Tax Codes, among those of settings.
TAX_RULES = "tax_rules"
# The cell of Settings, or of Tax Codes, that a finding without a place of its own is about.
SETTING_OF = {
    "tax-code-not-chosen": TAX_RULES,
    "tax-code-holds-no-tax": TAX_RULES,
    "tax-code-unknown": TAX_RULES,
    "tax-code-with-rate": TAX_RULES,
    "customer-missing": "customer",
    "party-of-other-currency": "customer",
    "item-missing": "item_policy",
    "party-name-taken": "customer",
    "party-name-not-usable": "customer",
    "item-not-usable": "item_policy",
    "item-ambiguous": "item_policy",
    "item-before-its-stock": "item_policy",
    "item-posts-to-wrong-account": "account_tax",
    "currency-not-on": "home_currency",
    "location-unknown": "location",
    "locations-off": "location",
    "class-unknown": "class_name",
    "classes-off": "class_name",
    "period-closed": "closed_period",
    "order-waits-for-deposit": "order_date",
    "ship-date-missing": "order_date",
    "document-account-missing": "account_sales",
    "account-missing": "account_clearing",
}
