"""The fields of an order report's rows as values: amounts, moments, counts, marketplaces. One finding a bad field.

Numbers in these reports have a point, whatever the marketplace; dates are ISO 8601 with a zone (Amazon, "Order
report attributes", and a real export).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tieout.domain.marketplace import Marketplace, by_country, by_name
from tieout.domain.money import InexactAmount, Money, UnknownCurrency, exponent
from tieout.domain.order import Channel
from tieout.parse.amounts import DecimalStyle, read_amount
from tieout.parse.dates import DayOrder, ImpossibleDate, UnreadableDate, read_moment, split_date

_POINT = DecimalStyle(".")
_NON_AMAZON = "non-amazon"
# Amazon adds tax to prices in these countries only; elsewhere what buyers see, and the report says, has it inside.
_TAX_ADDED = frozenset({"US", "CA"})
_CHANNELS = {
    **dict.fromkeys(("amazon", "afn"), Channel.FBA),
    **dict.fromkeys(("merchant", "mfn", "seller"), Channel.FBM),
}


class Unusable(Exception):
    """A field that can't be read: its column, and what is wrong with it in words."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column, self.what = column, what


@dataclass(slots=True)
class FieldReader:
    """Reads fields, each distinct text once: a report has few distinct dates and amounts."""

    _amounts: dict[tuple[str, str], Money] = field(default_factory=dict)
    _moments: dict[str, datetime] = field(default_factory=dict)

    def amount(self, text: str, currency: str, column: str) -> Money | None:
        """An amount; None where the field is empty. Unusable if it is none, or its currency is not told."""
        if not text:
            return None
        found = self._amounts.get((text, currency))
        if found is None:
            if not currency:
                raise Unusable(column, f"{column} is {text!r}, but no currency is told")
            try:
                found = Money(read_amount(text, _POINT, exponent(currency)), currency)
            except UnknownCurrency as error:
                raise Unusable("currency", str(error)) from None
            except InexactAmount as error:
                raise Unusable(column, f"{column}: {error}") from None
            self._amounts[text, currency] = found
        return found

    def moment(self, text: str, column: str) -> datetime:
        """An aware moment, to the second; without a zone it is UTC, as all of Amazon's are."""
        found = self._moments.get(text)
        if found is None:
            found = self._moments[text] = _moment(text, column)
        return found


def _moment(text: str, column: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            written = split_date(text)
            if written.order_open:
                raise UnreadableDate(f"{text!r} may be read in two ways")
            day = read_moment(written, DayOrder.DAY_FIRST)
        except (UnreadableDate, ImpossibleDate) as error:
            raise Unusable(column, f"{column}: {error}") from None
        if not isinstance(day, datetime):
            day = _midnight(day)
        moment = day
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def whole_number(text: str, column: str) -> int:
    """A count; 0 where the field is empty."""
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Unusable(column, f"{column} is {text!r}, which is not a count")
    return int(text)


def channel_of(told: str) -> Channel:
    """Who ships, by Amazon's word."""
    return _CHANNELS.get(told.casefold(), Channel.UNKNOWN)


def marketplace_of(sales_channel: str) -> Marketplace | None:
    """The marketplace of a sales channel: "Amazon.de"; "Non-Amazon UK" is another shop, shipped by Amazon's UK."""
    folded = sales_channel.casefold()
    if folded.startswith(_NON_AMAZON):
        return by_country(folded.removeprefix(_NON_AMAZON).strip(" -"))
    return by_name(sales_channel)


def has_tax_inside(country: str) -> bool:
    """Whether a marketplace's order reports tell prices with the tax inside."""
    return country not in _TAX_ADDED


def is_yes(text: str) -> bool:
    """Whether a field says yes."""
    return text.casefold() in {"true", "yes", "y", "1"}
