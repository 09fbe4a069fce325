"""Account types, their classification and sub-types, from Intuit's Account reference. A table.

The first sub-type of a type is its default. A sub-type name belongs to one type here, so that a request which
gives the sub-type alone tells the type too.
"""

CLASSIFICATION: dict[str, str] = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}

BALANCE_SHEET = frozenset({"Asset", "Liability", "Equity"})

SUBTYPES: dict[str, tuple[str, ...]] = {
    "Bank": (
        *("CashOnHand", "Checking", "MoneyMarket", "RentsHeldInTrust", "Savings", "TrustAccounts"),
        *("CashAndCashEquivalents", "OtherEarMarkedBankAccounts"),
    ),
    "Accounts Receivable": ("AccountsReceivable",),
    "Other Current Asset": (
        *("EmployeeCashAdvances", "AllowanceForBadDebts", "DevelopmentCosts", "OtherCurrentAssets", "Inventory"),
        *("Investment_MortgageRealEstateLoans", "Investment_Other", "Investment_TaxExemptSecurities"),
        *("Investment_USGovernmentObligations", "LoansToOfficers", "LoansToOthers", "LoansToStockholders"),
        *("PrepaidExpenses", "Retainage", "UndepositedFunds", "AssetsAvailableForSale"),
        *("BalWithGovtAuthorities", "CalledUpShareCapitalNotPaid", "ExpenditureAuthorisationsAndLettersOfCredit"),
        *("GlobalTaxDeferred", "GlobalTaxRefund", "InternalTransfers", "OtherConsumables"),
        *("ProvisionsCurrentAssets", "ShortTermInvestmentsInRelatedParties", "TradeAndOtherReceivables"),
        "ShortTermLoansAndAdvancesToRelatedParties",
    ),
    "Fixed Asset": (
        *("FurnitureAndFixtures", "AccumulatedDepletion", "AccumulatedDepreciation", "DepletableAssets"),
        *("FixedAssetComputers", "FixedAssetCopiers", "FixedAssetFurniture", "FixedAssetPhone"),
        *("FixedAssetPhotoVideo", "FixedAssetSoftware", "FixedAssetOtherToolsEquipment", "Land"),
        *("LeaseholdImprovements", "OtherFixedAssets", "AccumulatedAmortization", "Buildings"),
        *("IntangibleAssets", "MachineryAndEquipment", "Vehicles", "NonCurrentAssets"),
    ),
    "Other Asset": (
        *("Licenses", "LeaseBuyout", "OtherLongTermAssets", "SecurityDeposits"),
        *("AccumulatedAmortizationOfOtherAssets", "Goodwill", "OrganizationalCosts", "DeferredTax"),
        *("Investments", "LongTermInvestments", "OtherIntangibleAssets", "PrepaymentsAndAccruedIncome"),
    ),
    "Accounts Payable": (
        *("AccountsPayable", "OutstandingDuesMicroSmallEnterprise"),
        "OutstandingDuesOtherThanMicroSmallEnterprise",
    ),
    "Credit Card": ("CreditCard",),
    "Other Current Liability": (
        *("OtherCurrentLiabilities", "DirectDepositPayable", "LineOfCredit", "LoanPayable", "GlobalTaxPayable"),
        *("GlobalTaxSuspense", "PayrollClearing", "PayrollTaxPayable", "PrepaidExpensesPayable"),
        *("RentsInTrustLiability", "TrustAccountsLiabilities", "FederalIncomeTaxPayable", "InsurancePayable"),
        *("SalesTaxPayable", "StateLocalIncomeTaxPayable", "AccruedLiabilities", "CurrentLiabilities"),
        *("CurrentTaxLiability", "DividendsPayable", "DutiesAndTaxes", "InterestPayables"),
        *("ShortTermBorrowings", "SundryDebtorsAndCreditors", "TradeAndOtherPayables"),
    ),
    "Long Term Liability": (
        *("NotesPayable", "OtherLongTermLiabilities", "ShareholderNotesPayable"),
        *("AccrualsAndDeferredIncome", "BankLoans", "LongTermBorrowings", "LongTermDebit"),
    ),
    "Equity": (
        *("OpeningBalanceEquity", "PartnersEquity", "RetainedEarnings", "AccumulatedAdjustment", "OwnersEquity"),
        *("PaidInCapitalOrSurplus", "PartnerContributions", "PartnerDistributions", "PreferredStock"),
        *("CommonStock", "TreasuryStock", "EstimatedTaxes", "Healthcare", "PersonalIncome", "PersonalExpense"),
        *("CalledUpShareCapital", "CapitalReserves", "DividendDisbursed", "ShareCapital", "Funds"),
    ),
    "Income": (
        *("OtherPrimaryIncome", "NonProfitIncome", "SalesOfProductIncome", "ServiceFeeIncome"),
        *("DiscountsRefundsGiven", "UnappliedCashPaymentIncome", "CashReceiptIncome", "OperatingGrants"),
        *("OtherCurrentOperatingIncome", "RevenueGeneral", "SalesRetail", "SalesWholesale"),
    ),
    "Other Income": (
        *("OtherInvestmentIncome", "DividendIncome", "InterestEarned", "OtherMiscellaneousIncome"),
        *("TaxExemptInterest", "OtherOperatingIncome", "GainLossOnSaleOfFixedAssets"),
    ),
    "Cost of Goods Sold": (
        *("CostOfLaborCos", "EquipmentRentalCos", "OtherCostsOfServiceCos", "ShippingFreightDeliveryCos"),
        *("SuppliesMaterialsCogs", "CostOfSales", "FreightAndDeliveryCost"),
    ),
    "Expense": (
        *("Travel", "AdvertisingPromotional", "BadDebts", "BankCharges", "CharitableContributions"),
        *("CommissionsAndFees", "Entertainment", "EntertainmentMeals", "EquipmentRental", "FinanceCosts"),
        *("GlobalTaxExpense", "Insurance", "InterestPaid", "LegalProfessionalFees", "OfficeExpenses"),
        *("OfficeGeneralAdministrativeExpenses", "OtherBusinessExpenses", "OtherMiscellaneousServiceCost"),
        *("PromotionalMeals", "RentOrLeaseOfBuildings", "RepairMaintenance", "ShippingFreightDelivery"),
        *("SuppliesMaterials", "TravelMeals", "Utilities", "Auto", "CostOfLabor", "DuesSubscriptions"),
        *("PayrollExpenses", "TaxesPaid", "UnappliedCashBillPaymentExpense", "DistributionCosts"),
        *("ExternalServices", "OtherCurrentOperatingCharges", "OtherExternalServices"),
        *("OtherSellingExpenses", "ShippingAndDeliveryExpense", "StaffCosts", "Sundry"),
    ),
    "Other Expense": (
        *("Depreciation", "ExchangeGainOrLoss", "OtherMiscellaneousExpense", "PenaltiesSettlements"),
        *("Amortization", "GasAndFuel", "HomeOffice", "MortgageInterest", "RentAndLease"),
        *("RepairsAndMaintenance", "ParkingAndTolls", "Vehicle", "ExceptionalItems", "PriorPeriodItems"),
    ),
}

TYPE_OF_SUBTYPE: dict[str, str] = {subtype: kind for kind, subtypes in SUBTYPES.items() for subtype in subtypes}
