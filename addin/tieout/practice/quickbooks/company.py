"""The practice company: its settings, its clock, and the records, ledger and preferences it keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tieout.domain.money import exponent
from tieout.practice.quickbooks import currencies, preferences
from tieout.practice.quickbooks.faults import business, fault
from tieout.practice.quickbooks.figures import Doc, converted, minor_of, number_of
from tieout.practice.quickbooks.ledger import Ledger
from tieout.practice.quickbooks.preferences import Preferences
from tieout.practice.quickbooks.records import COMPANY_ZONE, Record, Records
from tieout.practice.quickbooks.store import Store

_NAMES = {"US": "Practice Company", "GB": "Practice Company Ltd", "DE": "Practice Company GmbH"}


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new company starts with; a company opened again keeps what it started with."""

    country: str = "US"
    home_currency: str = "USD"
    multicurrency: bool = True
    seed: int = 0


class Company:
    """One QuickBooks company. Every method runs under the server's lock."""

    def __init__(self, store: Store, founding: Founding, clock: Callable[[], datetime]) -> None:
        if not currencies.is_known(founding.home_currency):
            raise ValueError(f"{founding.home_currency!r} is not a currency the practice company knows")
        self.store = store
        self.clock = clock
        self.is_new = store.fact("country") is None
        if self.is_new:
            self._found(founding)
        self.country: str = store.fact("country")
        self.home_currency: str = store.fact("home_currency")
        self.realm_id: str = store.fact("realm_id")
        self.seed: int = store.fact("seed")
        self.preferences = Preferences(store)
        self.records = Records(store)
        self.ledger = Ledger(store, self.home_currency)
        self.system_accounts: dict[tuple[str, str], str] = {}

    def _found(self, founding: Founding) -> None:
        self.store.put_fact("country", founding.country)
        self.store.put_fact("home_currency", founding.home_currency)
        self.store.put_fact("seed", founding.seed)
        self.store.put_fact("realm_id", str(9130350000000000 + founding.seed % 1_000_000_000))
        Preferences(self.store).begin(
            preferences.defaults(
                country=founding.country,
                home_currency=founding.home_currency,
                multicurrency=founding.multicurrency,
            )
        )

    @property
    def is_us(self) -> bool:
        """Whether US sales tax rules hold; elsewhere every line has a tax code (Intuit: global tax model)."""
        return self.country == "US"

    def now(self) -> datetime:
        """The server's time, aware."""
        moment = self.clock()
        assert moment.tzinfo is not None, "the practice company's clock must give aware times"
        return moment.astimezone(UTC)

    def today(self) -> str:
        """The date at the company."""
        return self.now().astimezone(COMPANY_ZONE).date().isoformat()

    def time(self) -> str:
        """The `time` of an answer: 2026-06-29T12:43:42.132-07:00."""
        return self.now().astimezone(COMPANY_ZONE).isoformat(timespec="milliseconds")

    def record(self, kind: str, identity: str) -> Record | None:
        """A live record, or None."""
        found = self.records.find(kind, identity)
        return None if found is None or found.deleted else found

    def written(self) -> None:
        """Count one accepted change of the books."""
        self.store.next_in("writes")

    def writes(self) -> int:
        """How many changes of the books were accepted since the company began."""
        row = self.store.row("SELECT last FROM sequences WHERE name = 'writes'")
        return 0 if row is None else int(row[0])

    def info(self) -> Doc:
        """The CompanyInfo entity."""
        name = _NAMES.get(self.country, "Practice Company")
        address = {"Id": "1", "Line1": "1 Practice Street", "City": "Practice", "Country": self.country}
        return {
            "CompanyName": name,
            "LegalName": name,
            "CompanyAddr": address,
            "LegalAddr": address,
            "CompanyStartDate": "2020-01-01",
            "FiscalYearStartMonth": "January",
            "Country": self.country,
            "Email": {"Address": "owner@practice.invalid"},
            "SupportedLanguages": "en",
            "DefaultTimeZone": str(COMPANY_ZONE),
            "NameValue": [
                {"Name": "CompanyType", "Value": "Other"},
                {"Name": "SubscriptionStatus", "Value": "SUBSCRIBED"},
                {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
            ],
            "Id": "1",
            "SyncToken": "0",
            "domain": "QBO",
            "sparse": False,
            "MetaData": {
                "CreateTime": "2020-01-01T00:00:00-08:00",
                "LastUpdatedTime": "2020-01-01T00:00:00-08:00",
            },
        }

    def settle_currency(self, document: Doc, party: Record | None = None) -> tuple[str, int]:
        """Fill CurrencyRef and ExchangeRate of a transaction; its currency and that currency's places.

        A customer or vendor has one currency, and their transactions are in it. Without multi-currency there is
        one currency and no rate. Where a foreign transaction gives no rate (or zero, which some clients send for
        "none"), the company's own rate is used.
        """
        theirs = None if party is None else party.document["CurrencyRef"]["value"]
        currency = document.get("CurrencyRef", {}).get("value", theirs or self.home_currency)
        if not currencies.is_known(currency):
            raise fault("2220", f"Invalid currency type. Supplied value:{currency}", "CurrencyRef")
        if theirs not in (None, currency):
            raise business(
                f"The transaction is in {currency}, but its customer or vendor uses {theirs}.", "CurrencyRef"
            )
        document["CurrencyRef"] = currencies.reference(currency)
        if not self.preferences["CurrencyPrefs.MultiCurrencyEnabled"]:
            document.pop("ExchangeRate", None)
            if currency != self.home_currency:
                raise business("Multi-currency is not enabled for this company.", "CurrencyRef")
        elif currency == self.home_currency:
            document["ExchangeRate"] = Decimal(1)
        elif not document.get("ExchangeRate"):
            document["ExchangeRate"] = currencies.usual_rate(currency, self.home_currency)
        elif document["ExchangeRate"] < 0:
            raise fault("2240", f"Supplied value:{document['ExchangeRate']} is out of range", "ExchangeRate")
        return currency, exponent(currency)

    def in_home(self, document: Doc, amount: Decimal) -> Decimal:
        """An amount of a settled transaction in the home currency, at its rate."""
        places, home_places = exponent(document["CurrencyRef"]["value"]), exponent(self.home_currency)
        rate = Decimal(document.get("ExchangeRate", 1))
        return number_of(converted(minor_of(amount, places), places, rate, home_places), home_places)

    def referred(self, document: Doc, name: str, kind: str) -> Record | None:
        """What a resolved reference points at; None if the document has no such reference."""
        reference = document.get(name)
        return None if reference is None else self.record(kind, reference["value"])

    def amount(self, value: Decimal, places: int) -> tuple[int, Decimal]:
        """An amount of a request as minor units, and as the number with the currency's exact places."""
        minor = minor_of(value, places)
        return minor, number_of(minor, places)
