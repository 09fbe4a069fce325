"""python-quickbooks with intuit-oauth, unmodified but for their addresses, against a practice company."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.batch import batch_create
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    GeneralException,
    ObjectNotFoundException,
    QuickbooksException,
    ValidationException,
)
from quickbooks.objects import (
    Account,
    Attachable,
    AttachableRef,
    Bill,
    BillPayment,
    CompanyInfo,
    CreditMemo,
    Customer,
    Department,
    Deposit,
    Invoice,
    Item,
    JournalEntry,
    Payment,
    PaymentMethod,
    Preferences,
    Purchase,
    RefundReceipt,
    SalesReceipt,
    TaxCode,
    Term,
    Transfer,
    Vendor,
    VendorCredit,
)
from quickbooks.objects.base import Ref
from quickbooks.objects.bill import AccountBasedExpenseLine
from quickbooks.objects.billpayment import BillPaymentLine, CheckPayment
from quickbooks.objects.deposit import DepositLine, DepositLineDetail
from quickbooks.objects.detailline import AccountBasedExpenseLineDetail, SalesItemLine, SalesItemLineDetail
from quickbooks.objects.journalentry import JournalEntryLine, JournalEntryLineDetail
from quickbooks.objects.payment import PaymentLine
from quickbooks.objects.trackingclass import Class

from tieout.practice.quickbooks import PracticeQuickBooks


@pytest.fixture
def practice() -> Iterator[PracticeQuickBooks]:
    with PracticeQuickBooks(limits=False) as company:
        yield company


def authorized(practice: PracticeQuickBooks, **more: str) -> AuthClient:
    connection = practice.connection()
    return AuthClient(
        connection["client_id"],
        connection["client_secret"],
        "https://relay.example/callback",
        connection["discovery_url"],
        **more,
    )


@pytest.fixture
def books(practice: PracticeQuickBooks, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuickBooks]:
    """The client as its documentation builds it; only the address is another."""
    # Its OAuth session refuses plain http, which a loopback address is.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    connection = practice.connection()
    auth = authorized(practice)
    client = QuickBooks(
        auth_client=auth,
        refresh_token=connection["refresh_token"],
        company_id=connection["realm_id"],
        minorversion=75,
        use_decimal=True,
    )
    client.api_url_v3 = connection["endpoint"].removesuffix("/company/")
    yield client
    client.session.close()
    auth.close()


def account(books: QuickBooks, name: str) -> Account:
    (found,) = Account.filter(Name=name, qb=books)
    return found


def journal(books: QuickBooks, amount: Decimal = Decimal("12.34"), number: str = "AMZ-1") -> JournalEntry:
    entry = JournalEntry()
    entry.DocNumber = number
    entry.TxnDate = "2026-01-31"
    for side, name in (("Debit", "Business Checking"), ("Credit", "Amazon Clearing")):
        line = JournalEntryLine()
        line.Amount = amount
        line.JournalEntryLineDetail = JournalEntryLineDetail()
        line.JournalEntryLineDetail.PostingType = side
        line.JournalEntryLineDetail.AccountRef = account(books, name).to_ref()
        entry.Line.append(line)
    return entry


def customer(books: QuickBooks, name: str = "Amazon customer") -> Customer:
    made = Customer()
    made.DisplayName = name
    return made.save(qb=books)


def product(books: QuickBooks) -> Item:
    item = Item()
    item.Name = "Mug"
    item.Sku = "MUG-1"
    item.Type = "NonInventory"
    item.IncomeAccountRef = account(books, "Amazon Sales").to_ref()
    return item.save(qb=books)


def sale(form: type, books: QuickBooks, buyer: Customer, item: Item, amount: Decimal) -> object:
    made = form()
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = item.to_ref()
    made.Line.append(line)
    made.CustomerRef = buyer.to_ref()
    made.TxnDate = "2026-01-31"
    if form is RefundReceipt:
        made.DepositToAccountRef = account(books, "Amazon Clearing").to_ref()
    return made.save(qb=books)


def expense(books: QuickBooks, amount: Decimal) -> AccountBasedExpenseLine:
    line = AccountBasedExpenseLine()
    line.Amount = amount
    line.AccountBasedExpenseLineDetail = AccountBasedExpenseLineDetail()
    line.AccountBasedExpenseLineDetail.AccountRef = account(books, "Amazon Selling Fees").to_ref()
    return line


def test_the_company_is_known(books: QuickBooks) -> None:
    (info,) = CompanyInfo.all(qb=books)
    assert (info.CompanyName, info.Country) == ("Practice Company", "US")
    preferences = Preferences.get(qb=books)
    assert preferences.CurrencyPrefs.HomeCurrency.value == "USD"
    assert preferences.CurrencyPrefs.MultiCurrencyEnabled is True


def test_lists_are_read_and_made(books: QuickBooks) -> None:
    assert account(books, "Amazon Clearing").AccountType == "Bank"
    made = Account()
    made.Name, made.AccountType = "Ads, O'Neil", "Expense"
    saved = made.save(qb=books)
    assert Account.filter(Name="Ads, O'Neil", qb=books)[0].Id == saved.Id
    for kind in (Class, Department, Term, PaymentMethod):
        thing = kind()
        thing.Name = "One"
        assert kind.get(thing.save(qb=books).Id, qb=books).Name == "One"
    assert "TAX" in {code.Id for code in TaxCode.all(qb=books)}
    assert product(books).Id
    assert Item.all(qb=books)[0].Sku == "MUG-1"
    assert Customer.count(qb=books) == 0


def test_a_journal_entry_lives_its_life(books: QuickBooks, practice: PracticeQuickBooks) -> None:
    saved = journal(books).save(qb=books, request_id="r-1")
    again = journal(books).save(qb=books, request_id="r-1")
    assert again.Id == saved.Id
    assert practice.ledger() == {"Business Checking": 1234, "Amazon Clearing": -1234}
    (found,) = JournalEntry.where("DocNumber = 'AMZ-1'", order_by="TxnDate", max_results=5, qb=books)
    assert found.Line[0].Amount == Decimal("12.34")
    found.PrivateNote = "seen"
    changed = found.save(qb=books)
    assert (changed.SyncToken, changed.PrivateNote) == ("1", "seen")
    with pytest.raises(QuickbooksException) as stale:
        found.save(qb=books)
    assert stale.value.error_code == 5010
    changed.delete(qb=books, request_id="r-2")
    with pytest.raises(ObjectNotFoundException):
        JournalEntry.get(saved.Id, qb=books)
    assert practice.ledger() == {}


def test_faults_arrive_as_its_exceptions(books: QuickBooks, practice: PracticeQuickBooks) -> None:
    entry = journal(books)
    entry.Line[0].Amount = Decimal(1)
    with pytest.raises(ValidationException) as unbalanced:
        entry.save(qb=books)
    assert unbalanced.value.error_code == 2300
    with pytest.raises(ValidationException) as query:
        JournalEntry.where("PrivateNote = 'x'", qb=books)
    assert query.value.error_code == 4001
    practice.add_faults([{"match": {"op": "query"}, "do": "throttle"}])
    with pytest.raises(ValidationException) as throttled:
        JournalEntry.all(qb=books)
    assert throttled.value.error_code == 3001
    practice.add_faults([{"match": {"op": "query"}, "do": "html503"}])
    with pytest.raises(QuickbooksException, match="Error reading json response"):
        JournalEntry.all(qb=books)
    practice.expire_access_tokens()
    with pytest.raises(AuthorizationException):
        JournalEntry.all(qb=books)


def test_request_ids_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with PracticeQuickBooks(limits=False, requestid="error600") as practice:
        connection = practice.connection()
        auth = authorized(practice)
        client = QuickBooks(
            auth_client=auth,
            refresh_token=connection["refresh_token"],
            company_id=connection["realm_id"],
            minorversion=75,
        )
        client.api_url_v3 = connection["endpoint"].removesuffix("/company/")
        journal(client).save(qb=client, request_id="r")
        with pytest.raises(GeneralException) as duplicate:
            journal(client).save(qb=client, request_id="r")
        assert duplicate.value.error_code == 600
        client.session.close()
        auth.close()


def test_sales_are_made_paid_deposited_and_undone(books: QuickBooks, practice: PracticeQuickBooks) -> None:
    buyer, item = customer(books), product(books)
    invoice = sale(Invoice, books, buyer, item, Decimal("19.99"))
    assert invoice.TotalAmt == Decimal("19.99")
    for form in (SalesReceipt, CreditMemo, RefundReceipt):
        assert sale(form, books, buyer, item, Decimal(5)).TotalAmt == Decimal("5.00")
    payment = Payment()
    payment.TotalAmt = Decimal("19.99")
    payment.CustomerRef = buyer.to_ref()
    line = PaymentLine()
    line.Amount = Decimal("19.99")
    line.LinkedTxn.append(invoice.to_linked_txn())
    payment.Line.append(line)
    paid = payment.save(qb=books)
    assert Invoice.get(invoice.Id, qb=books).Balance == 0
    deposit = Deposit()
    deposit.DepositToAccountRef = account(books, "Business Checking").to_ref()
    waiting = DepositLine()
    waiting.Amount = Decimal("19.99")
    waiting.DetailType = "DepositLineDetail"
    waiting.DepositLineDetail = DepositLineDetail()
    waiting.LinkedTxn.append(invoice.to_linked_txn())
    waiting.LinkedTxn[0].TxnId, waiting.LinkedTxn[0].TxnType = paid.Id, "Payment"
    deposit.Line.append(waiting)
    banked = deposit.save(qb=books)
    with pytest.raises(QuickbooksException) as locked:
        Payment.get(paid.Id, qb=books).delete(qb=books)
    assert locked.value.error_code == 6540
    banked.delete(qb=books)
    Payment.get(paid.Id, qb=books).void(qb=books)
    Invoice.get(invoice.Id, qb=books).void(qb=books)
    assert Invoice.get(invoice.Id, qb=books).PrivateNote == "Voided"
    assert practice.ledger()["Amazon Sales"] == 500


def test_a_read_invoice_is_saved_back_unchanged(books: QuickBooks, practice: PracticeQuickBooks) -> None:
    invoice = sale(Invoice, books, customer(books), product(books), Decimal("19.99"))
    before = practice.transactions("Invoice")[0]
    Invoice.get(invoice.Id, qb=books).save(qb=books)
    after = practice.transactions("Invoice")[0]
    assert after["SyncToken"] == "1"
    assert after["TotalAmt"] == before["TotalAmt"]
    assert [line["Amount"] for line in after["Line"]] == [line["Amount"] for line in before["Line"]]


def test_costs_are_made_and_paid(books: QuickBooks, practice: PracticeQuickBooks) -> None:
    vendor = Vendor()
    vendor.DisplayName = "Amazon"
    vendor = vendor.save(qb=books)
    bill = Bill()
    bill.VendorRef = vendor.to_ref()
    bill.Line.append(expense(books, Decimal(10)))
    bill = bill.save(qb=books)
    credit = VendorCredit()
    credit.VendorRef = vendor.to_ref()
    credit.Line.append(expense(books, Decimal(4)))
    assert credit.save(qb=books).TotalAmt == Decimal("4.00")
    payment = BillPayment()
    payment.VendorRef = vendor.to_ref()
    payment.PayType = "Check"
    payment.CheckPayment = CheckPayment()
    payment.CheckPayment.BankAccountRef = account(books, "Amazon Clearing").to_ref()
    payment.TotalAmt = Decimal(10)
    line = BillPaymentLine()
    line.Amount = Decimal(10)
    line.LinkedTxn.append(bill.to_linked_txn())
    payment.Line.append(line)
    payment.save(qb=books)
    assert Bill.get(bill.Id, qb=books).Balance == 0
    purchase = Purchase()
    purchase.PaymentType = "CreditCard"
    purchase.AccountRef = account(books, "Business Card").to_ref()
    purchase.EntityRef = Ref()
    purchase.EntityRef.value, purchase.EntityRef.type = vendor.Id, "Vendor"
    purchase.Line.append(expense(books, Decimal(3)))
    purchase.save(qb=books)
    transfer = Transfer()
    transfer.FromAccountRef = account(books, "Amazon Clearing").to_ref()
    transfer.ToAccountRef = account(books, "Business Checking").to_ref()
    transfer.Amount = Decimal(7)
    transfer.save(qb=books)
    assert practice.ledger() == {
        "Amazon Selling Fees": 900,
        "Accounts Payable (A/P)": -400 + 800,
        "Amazon Clearing": -1700,
        "Business Card": -300,
        "Business Checking": 700,
    }


def test_batches(books: QuickBooks) -> None:
    customer(books, "Taken")
    wanted = []
    for name in [*(f"Customer {number}" for number in range(33)), "Taken"]:
        made = Customer()
        made.DisplayName = name
        wanted.append(made)
    response = batch_create(wanted, qb=books)
    assert len(response.successes) == 33
    (fault,) = response.faults
    assert (fault.original_object.DisplayName, fault.Error[0].code) == ("Taken", "6240")


def test_changes_reports_and_files(books: QuickBooks, practice: PracticeQuickBooks, tmp_path: Path) -> None:
    entry = journal(books).save(qb=books)
    gone = journal(books, number="AMZ-2").save(qb=books)
    gone.delete(qb=books)
    since = practice.transactions("JournalEntry")[0]["MetaData"]["CreateTime"]
    changed = change_data_capture([JournalEntry, Invoice], since, qb=books)
    assert [(found.Id, getattr(found, "status", "")) for found in changed.JournalEntry._object_list] == [
        (entry.Id, ""),
        (gone.Id, "Deleted"),
    ]
    assert not hasattr(changed, "Invoice")
    report = books.get_report("TrialBalance", {"end_date": "2026-12-31"})
    assert report["Rows"]["Row"][-1]["Summary"]["ColData"][1]["value"] == "12.34"
    path = tmp_path / "proof.txt"
    path.write_bytes(b"first line\nsecond line\n")
    attachment = Attachable()
    attachment.FileName, attachment.ContentType, attachment._FilePath = "proof.txt", "text/plain", str(path)
    attached = AttachableRef()
    attached.EntityRef = Ref()
    attached.EntityRef.value, attached.EntityRef.type = entry.Id, "JournalEntry"
    attachment.AttachableRef.append(attached)
    saved = attachment.save(qb=books)
    assert requests.get(saved.TempDownloadUri, timeout=5).content == path.read_bytes()


def test_intuit_oauth_connects_refreshes_and_revokes(practice: PracticeQuickBooks) -> None:
    from urllib.parse import parse_qs, urlsplit

    from intuitlib.enums import Scopes

    with authorized(practice) as auth:
        response = requests.get(auth.get_authorization_url([Scopes.ACCOUNTING]), allow_redirects=False, timeout=5)
        query = parse_qs(urlsplit(response.headers["Location"]).query)
        assert query["state"] == [auth.state_token]
        auth.get_bearer_token(query["code"][0], realm_id=query["realmId"][0])
        first = auth.refresh_token
        auth.refresh()
        assert auth.refresh_token != first
        auth.refresh()
        with pytest.raises(AuthClientError) as refused:
            auth.refresh(refresh_token=first)
        assert "invalid_grant" in str(refused.value.content)
        assert auth.revoke() is True
        with pytest.raises(AuthClientError):
            auth.refresh()
