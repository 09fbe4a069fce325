// Uses node-quickbooks as it is, but for its addresses, against a practice company; prints what it saw as JSON.
// Input: the connection of the practice company as JSON in the environment variable PRACTICE.
'use strict'

const QuickBooks = require('node-quickbooks')
const { Readable } = require('stream')

const connection = JSON.parse(process.env.PRACTICE)
QuickBooks.TOKEN_URL = connection.token_url
QuickBooks.REVOKE_URL = connection.token_url.replace('/oauth2/v1/tokens/bearer', '/v2/oauth2/tokens/revoke')

const books = new QuickBooks(
  connection.client_id, connection.client_secret, null, false, connection.realm_id,
  true, false, 75, '2.0', connection.refresh_token)
books.endpoint = connection.endpoint

// Callback methods as promises; a fault is an answer, not an exception.
const ask = (method, ...input) => new Promise((resolve, reject) =>
  books[method](...input, (error, answer) => {
    const body = error && error.response ? error.response.data : error
    if (body && body.Fault) resolve({ fault: body.Fault.Error[0].code })
    else if (error) reject(error)
    else resolve(answer)
  }))
const find = async (method, criteria) => (await ask(method, criteria)).QueryResponse

async function main () {
  const seen = {}
  await ask('refreshAccessToken')
  seen.rotated = books.refreshToken !== connection.refresh_token
  seen.country = (await ask('getCompanyInfo', connection.realm_id)).Country
  seen.homeCurrency = (await ask('getPreferences')).CurrencyPrefs.HomeCurrency.value

  const account = async name => (await find('findAccounts', { Name: name })).Account[0].Id
  const clearing = await account('Amazon Clearing')
  const checking = await account('Business Checking')
  seen.accounts = (await find('findAccounts', { count: true })).totalCount
  seen.paged = (await find('findAccounts', { limit: 7, fetchAll: true })).Account.length

  const line = (side, id) => ({
    DetailType: 'JournalEntryLineDetail',
    Amount: 12.34,
    JournalEntryLineDetail: { PostingType: side, AccountRef: { value: id } }
  })
  const journal = () => ({
    TxnDate: '2026-01-31',
    DocNumber: "O'Neil 1",
    requestId: 'node-1',
    Line: [line('Debit', checking), line('Credit', clearing)]
  })
  const entry = await ask('createJournalEntry', journal())
  seen.replayed = (await ask('createJournalEntry', journal())).Id === entry.Id
  seen.found = (await find('findJournalEntries', [
    { field: 'DocNumber', value: "O'Neil 1", operator: '=' },
    { field: 'TxnDate', value: '2026-01-01', operator: '>=' },
    { field: 'desc', value: 'TxnDate' }
  ])).JournalEntry.length
  const unbalanced = { ...journal(), requestId: 'node-2' }
  unbalanced.Line = [line('Debit', checking)]
  seen.unbalanced = await ask('createJournalEntry', unbalanced)
  const changed = await ask('updateJournalEntry', { Id: entry.Id, SyncToken: '0', PrivateNote: 'sparse by default' })
  seen.updated = [changed.SyncToken, changed.Line.length]

  const customer = await ask('createCustomer', { DisplayName: 'Amazon customer' })
  const sales = await account('Amazon Sales')
  const item = await ask('createItem', { Name: 'Mug', Type: 'NonInventory', IncomeAccountRef: { value: sales } })
  const invoice = await ask('createInvoice', {
    CustomerRef: { value: customer.Id },
    DocNumber: '113-1',
    Line: [{
      DetailType: 'SalesItemLineDetail',
      Amount: 19.99,
      SalesItemLineDetail: { ItemRef: { value: item.Id }, Qty: 1, UnitPrice: 19.99 }
    }]
  })
  const again = { CustomerRef: invoice.CustomerRef, DocNumber: '113-1', Line: invoice.Line.slice(0, 1) }
  seen.duplicate = await ask('createInvoice', { ...again })
  const allowed = await ask('createInvoice', { ...again, allowDuplicateDocNum: true })
  seen.allowed = allowed.TotalAmt
  const payment = await ask('createPayment', {
    CustomerRef: { value: customer.Id },
    TotalAmt: 19.99,
    Line: [{ Amount: 19.99, LinkedTxn: [{ TxnId: invoice.Id, TxnType: 'Invoice' }] }]
  })
  seen.balance = (await ask('getInvoice', invoice.Id)).Balance
  seen.voided = (await ask('updatePayment', { Id: payment.Id, SyncToken: payment.SyncToken, void: true })).TotalAmt
  seen.voidedInvoice = (await ask('voidInvoice', allowed.Id)).Invoice.PrivateNote

  const batch = (await ask('batch', [
    { bId: '1', operation: 'create', Customer: { DisplayName: 'In batch' } },
    { bId: '2', operation: 'create', Customer: { DisplayName: 'Amazon customer' } },
    { bId: '3', Query: 'select count(*) from Customer' }
  ])).BatchItemResponse
  seen.batch = [batch[0].Customer.DisplayName, batch[1].Fault.Error[0].code, batch[2].QueryResponse.totalCount]

  const file = await ask('upload', 'proof.txt', 'text/plain', Readable.from(['hello']), 'JournalEntry', entry.Id)
  seen.attached = [file.FileName, file.AttachableRef[0].EntityRef.value === entry.Id]

  const cdc = await ask('changeDataCapture', ['JournalEntry', 'Invoice'], new Date(Date.now() - 3600 * 1000))
  seen.changes = cdc.CDCResponse[0].QueryResponse.map(part => part.totalCount)
  const report = await ask('reportTrialBalance', { start_date: '2026-01-01', end_date: '2099-12-31' })
  seen.report = report.Rows.Row.pop().Summary.ColData.map(cell => cell.value)

  seen.deleted = (await ask('deleteJournalEntry', entry.Id)).JournalEntry.status
  seen.gone = await ask('getJournalEntry', entry.Id)
  await ask('revokeAccess', true)
  return seen
}

main().then(
  seen => console.log(JSON.stringify(seen)),
  error => {
    console.error(error && error.message ? error.message : JSON.stringify(error))
    process.exit(1)
  })
