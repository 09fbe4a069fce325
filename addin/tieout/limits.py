"""Every bound, with its unit in its name and its source. Nothing retries or grows for ever.

Tests try each bound at N and at N + 1.
"""

# Files of the user. A settlement of 1,000,000 lines has about 170 MB; ten times that is not a settlement.
FILE_BYTES_MAX = 2_000_000_000
FILES_MAX = 10_000

# Archives, and the sums of settlement lines (64-bit integers of minor units). Deflate gives at most 1,032:1 (zlib,
# "Technical details"); settlement text gives about 13:1, so a file that grows a hundredfold beyond a megabyte is
# made to harm. The largest amount times the most lines stays below 2**63.
ARCHIVE_MEMBERS_MAX = 1_000
ARCHIVE_UNPACKED_BYTES_MAX = FILE_BYTES_MAX
ARCHIVE_UNPACKED_BYTES_A_PACKED_BYTE_MAX = 100
ARCHIVE_RATIO_COUNTS_FROM_BYTES = 1_000_000
ARCHIVE_DEPTH_MAX = 2
AMOUNT_MINOR_UNITS_MAX = 10**11
SETTLEMENT_ROWS_MAX = 20_000_000
# Amazon publishes no list of kinds; real files have dozens, and the longest list we know has 278.
SETTLEMENT_KINDS_MAX = 20_000

# What else a user gives as a file: fee mappings, a practice connection, a schedule of faults. The fee dictionary has
# some 300 rows of a dozen columns; each row is held against those as specific, so that ten times as many are checked
# within a second, and twenty times in some.
SMALL_FILE_BYTES_MAX = 10_000_000
MAPPING_ROWS_MAX = 5_000
MAPPING_COLUMNS_MAX = 100

# QuickBooks. Intuit ends a request after 120 s, pauses a caller for 60 s after a 429, lets 500 requests a minute
# and 10 a second through, answers at most 1,000 rows a query (Intuit, "Limits and throttles", "Query operations").
QUICKBOOKS_CONNECT_SECONDS_MAX = 10
QUICKBOOKS_ANSWER_SECONDS_MAX = 130
QUICKBOOKS_ANSWER_BYTES_MAX = 50_000_000
QUICKBOOKS_REQUESTS_A_MINUTE_MAX = 500
QUICKBOOKS_REQUESTS_A_SECOND_MAX = 10
QUICKBOOKS_REQUESTS_AT_ONCE_MAX = 10
QUICKBOOKS_BATCHES_A_MINUTE_MAX = 40
# Intuit counts a request when it arrives, which we do not see: at the latest when it is answered, and hardly ever
# later than this after it left (judgement). A request too many costs a minute.
QUICKBOOKS_REQUEST_ARRIVES_MILLISECONDS = 500
# A request of another process that was not answered so long after it left is taken for one of a process that is gone.
QUICKBOOKS_REQUEST_ON_ITS_WAY_SECONDS_MAX = 30
QUICKBOOKS_THROTTLE_WAIT_SECONDS = 60
QUICKBOOKS_THROTTLE_WAITS_MAX = 5
QUICKBOOKS_QUERY_ROWS_MAX = 1_000
QUICKBOOKS_QUERY_PAGES_MAX = 100
# Change data reaches back so far, and tells of so many objects at most (Intuit, "Change data capture"). Lists are
# taken whole a day earlier; what was read counts as complete up to some time before, in case a replica lagged; and
# within one press a list is asked about again after this time only (judgement).
QUICKBOOKS_CHANGES_DAYS_MAX = 30
QUICKBOOKS_CHANGES_OBJECTS_MAX = 1_000
QUICKBOOKS_LIST_OVERLAP_SECONDS = 120
QUICKBOOKS_LIST_FRESH_SECONDS = 300
# Values in one IN (…). Intuit states no limit; a query that it refuses is asked again in halves.
QUICKBOOKS_QUERY_VALUES_MAX = 1_000
# Writes in one batch, and the lengths of the ids in it (Intuit, "Batch", and its blog of 2015-04-06). The bytes keep
# a batch well within Intuit's 120 s (judgement).
QUICKBOOKS_BATCH_ITEMS_MAX = 30
QUICKBOOKS_BATCH_ID_CHARACTERS_MAX = 36
QUICKBOOKS_BATCH_ITEM_ID_CHARACTERS_MAX = 10
QUICKBOOKS_BATCH_BYTES_MAX = 300_000
# A question that got no usable answer is asked again after these waits; then a person is told.
QUICKBOOKS_READ_RETRY_WAITS_SECONDS = (1, 4, 16)
# A send whose outcome is not known can have its effect until Intuit's 120 s are over; only then does "not found"
# mean "not done". How often one document is sent in one run, whatever happens.
QUICKBOOKS_OUTCOME_SETTLES_SECONDS = 130
QUICKBOOKS_SENDS_MAX = 3
# A write that was prepared longer ago does not go out any more: the lease it was prepared under may have ended
# (a computer that was closed in the middle), and somebody else be at work. Well below LEASE_SECONDS.
QUICKBOOKS_WRITE_LEAVES_SECONDS_MAX = 600
# An access token lives an hour; it is renewed so long before its end (Intuit, "OAuth 2.0").
QUICKBOOKS_TOKEN_MARGIN_SECONDS = 120
# A connection's end is told so long ahead. Who signs in is waited for so long; a code lives ten minutes.
CONNECTION_TOLD_AHEAD_DAYS = 30
SIGN_IN_WAIT_SECONDS_MAX = 900
SIGN_IN_FORM_BYTES_MAX = 20_000
# Lengths of Intuit's Finance.xsd and of its page on the requestid parameter.
QUICKBOOKS_DOC_NUMBER_CHARACTERS_MAX = 21
QUICKBOOKS_NOTE_CHARACTERS_MAX = 4_000
QUICKBOOKS_DESCRIPTION_CHARACTERS_MAX = 4_000
QUICKBOOKS_ACCOUNT_NAME_CHARACTERS_MAX = 100
QUICKBOOKS_NAME_CHARACTERS_MAX = 100  # Item.Name and Item.Sku
QUICKBOOKS_PARTY_NAME_CHARACTERS_MAX = 500  # Customer.DisplayName and Vendor.DisplayName
# Intuit gives no figure for the lines of a journal; a settlement has 20 to 60. Ours keeps a request well within
# its 120 s.
QUICKBOOKS_JOURNAL_LINES_MAX = 1_000
# Nor for the documents of a payment; a settlement of a large seller pays thousands of invoices (judgement).
QUICKBOOKS_PAYMENT_LINES_MAX = 250
# Lines of an order's document: Amazon's orders have a handful of lines (judgement).
QUICKBOOKS_SALE_LINES_MAX = 500

# Amazon. Its gateway ends a request after half a minute (field reports); a document may have 170 MB.
AMAZON_CONNECT_SECONDS_MAX = 10
AMAZON_ANSWER_SECONDS_MAX = 60
AMAZON_DOCUMENT_SECONDS_MAX = 900
AMAZON_ANSWER_BYTES_MAX = 50_000_000
# A question that got no usable answer is asked again after these waits, each made longer by up to a half at random;
# a throttled one after the time in which the usage plan allows one request more, so often; then a person is told.
AMAZON_RETRY_WAITS_SECONDS = (1, 4, 16)
AMAZON_THROTTLE_WAITS_MAX = 8
# How often a request may find its turn taken by another process before it gives up.
AMAZON_TURNS_MAX = 1_000
# An access token lives an hour (Amazon, "Connect to the SP-API"); it is renewed so long before its end.
AMAZON_TOKEN_MARGIN_SECONDS = 120
# Pages of one listing: 100 reports, orders or transactions a page. A page that repeats is asked for again so often.
AMAZON_PAGES_MAX = 5_000
AMAZON_PAGE_REPEATS_MAX = 3
# A document's address is good for five minutes (model reports_2021-06-30.json); damaged ones are fetched anew.
AMAZON_DOCUMENT_TRIES_MAX = 3
# How long a press waits for a report to be made, and how often it looks. What is not ready is fetched by the next.
AMAZON_REPORT_WAIT_SECONDS_MAX = 3_600
AMAZON_REPORT_LOOK_SECONDS = (2, 5, 10, 20, 30, 60)
# Reports are listed for 90 days; order reports span 30 days at most and reach back two years ("Report type values").
AMAZON_REPORTS_LISTED_DAYS = 90
AMAZON_ORDER_REPORT_DAYS_MAX = 30
AMAZON_ORDERS_REACH_DAYS = 730
# How far back the first download of orders goes where nobody says: to what the oldest listed settlement pays.
AMAZON_FIRST_ORDERS_DAYS = 120
# The VAT report is asked for by whole months, so many of the last ones, so long after their end (Seller Central).
AMAZON_VAT_MONTHS = 3
AMAZON_VAT_READY_DAYS = 3
# Orders may reach the report late: each window begins so long before the end of the last one. The Orders API knows
# them at once.
AMAZON_ORDER_REPORT_OVERLAP_SECONDS = 86_400
AMAZON_SEARCH_OVERLAP_SECONDS = 3_600
# What is asked of the Orders API rather than of a report: so few orders (ten of the twenty requests of its burst).
AMAZON_SEARCH_ORDERS_MAX = 1_000
# listTransactions answers a longer span with nothing, and no error (model finances_2024-06-19.json).
AMAZON_TRANSACTIONS_DAYS_MAX = 180
# A client secret is good for 180 days (Amazon, "Rotate your application's client secret").
AMAZON_SECRET_DAYS = 180

# The store. A lease outlives the longest call to QuickBooks with all its throttle waits, and is renewed at every
# change of a posting; who finds it taken waits a little for the other to finish.
LEASE_SECONDS = 900
LEASE_WAIT_SECONDS_MAX = 30
# How long one transaction may wait for another's to end.
STORE_BUSY_SECONDS_MAX = 30
# How long the file in which processes count their requests together may be locked by another: it is held for a
# thousandth of a second or two, so that a longer one is no lock of ours.
SHARED_STATE_LOCK_SECONDS_MAX = 5
# How long a refresh of tokens may keep another process waiting: one call with its time-outs.
TOKEN_LOCK_SECONDS_MAX = 180

# Excel, "Excel specifications and limits": 32,767 characters in a cell, 65,530 links on a sheet (of which a
# sheet's own few need some), 1,048,576 rows. A number has 15 significant digits (IEEE double).
CELL_CHARACTERS_MAX = 32_767
CELL_DIGITS_MAX = 15
SHEET_LINKS_MAX = 60_000
# Lines of settlements, and exceptions, in one proof workbook. Beyond it a spreadsheet opens too slowly to be of
# use (judgement, not a fact): lines are summed by kind and month there, and stand one by one in the CSV export.
PROOF_LINES_MAX = 300_000
PROOF_EXCEPTIONS_MAX = 10_000

# LibreOffice, where the engine over it is used: it starts in 2 s on two cores, in 20 s on a machine that has never
# run it; opening, calculating, printing or a macro that takes longer than this hangs (judgement).
OFFICE_START_SECONDS_MAX = 60
OFFICE_QUIT_SECONDS_MAX = 15
OFFICE_WORK_SECONDS_MAX = 120

# The open workbook. Excel takes blocks of any size, but fails on some machines "not enough storage" beyond some
# hundred thousand cells a call (xlwings, "chunksize"); 20,000 rows of 20 columns stay below.
EXCEL_ROWS_A_CALL_MAX = 20_000
# Excel refuses every call while a cell is being edited or a box is open; it is asked again after these waits.
EXCEL_BUSY_WAITS_MILLISECONDS = (100, 200, 400, 800, 1_600, 3_200)
# What goes on is written to Home at most so often: each time costs Excel a redraw.
STATUS_EVERY_MILLISECONDS = 500
# Rows that sheets show (judgement: beyond it Excel scrolls and filters slowly); the store holds all of it.
SETTLEMENT_LINES_SHOWN_MAX = 100_000
ACTIVITY_ROWS_SHOWN_MAX = 500
# Rows that --rows may name, and the last row of a sheet: what is larger is an id.
ROWS_CHOSEN_MAX = 100_000
SHEET_ROWS_MAX = 1_048_576
