"""Which invoices of orders no settlement has paid in full, by the outbox: nothing is asked of QuickBooks."""

from tieout.commands.presses.choices import Choices
from tieout.commands.presses.known_books import known_books
from tieout.commands.presses.order_documents import documents_in_books
from tieout.commands.presses.press import Press
from tieout.domain.money import Money
from tieout.domain.posting import PostingState
from tieout.domain.sale import SaleKind
from tieout.sheets.exports.receivables import Receivable

_INVOICE, _PAYMENT = SaleKind.INVOICE.value, "Payment"


def open_receivables(press: Press, choices: Choices) -> tuple[Receivable, ...]:
    """The invoices that stand in the books and are owed, in whole or in part."""
    if not press.realm_id:
        return ()
    home = known_books(press, choices).home_currency
    paid: dict[str, Money] = {}
    payments = press.store.outbox.of_kinds(press.realm_id, frozenset({_PAYMENT}), (PostingState.POSTED,))
    for payment in payments:
        for (entity, identity), amount in press.documents.sent_links(payment.body, home).items():
            if entity == _INVOICE:
                paid[identity] = paid.get(identity, Money.zero(amount.currency)) + amount
    owed = {}
    for order_id, posting in documents_in_books(press).items():
        if posting.key.entity != _INVOICE:
            continue
        sent = press.documents.sent_sale(posting.body, home)
        already = paid.get(posting.quickbooks_id, Money.zero(sent.total.currency))
        if sent.total != already:
            owed[order_id] = (posting.key.doc_number, sent, already)
    orders = press.store.orders.get_many(owed)
    markets = {order_id: order.marketplace for order_id, order in orders.items()}
    return tuple(
        Receivable(order_id, markets.get(order_id, ""), _INVOICE, number, sent.day, sent.total, already)
        for order_id, (number, sent, already) in owed.items()
    )
