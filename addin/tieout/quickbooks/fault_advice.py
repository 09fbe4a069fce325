"""What a person can do about a refusal, by Intuit's code (its page "Error codes")."""

DEFAULT_ADVICE = (
    "Change what the sentence names, on the sheet Accounts or Settings or in QuickBooks, and press the button again."
)

_PROGRAM = "This is an error of Tieout, not of yours: nothing was posted. Please report it with this sentence."

ADVICE: dict[str, str] = {
    "2010": _PROGRAM,
    "2020": _PROGRAM,
    "2030": "Refresh the lists from QuickBooks: an account, class or tax code may have been replaced there.",
    "2050": "Shorten the text that the sentence names.",
    "2130": _PROGRAM,
    "2140": _PROGRAM,
    "2170": _PROGRAM,
    "2220": "Turn the currency on in QuickBooks (Currencies), or choose the accounts of another company.",
    "2270": _PROGRAM,
    "2280": "Take the tax code off the mapping, or choose one with a rate of zero.",
    "2290": _PROGRAM,
    "2300": _PROGRAM,
    "2500": "Refresh the lists from QuickBooks: an account, class or tax code may have been deleted there.",
    "5020": "The person who connected may not do this in QuickBooks: let a company administrator connect.",
    "5030": "This edition of QuickBooks lacks the feature: switch it off in Settings, or upgrade the subscription.",
    "6000": "Change what the sentence names in QuickBooks or in Settings, and press the button again.",
    "6010": "Choose another type for the account, on the sheet Accounts.",
    "6100": "Take the tax code off the mapping: journals in this edition have none.",
    "6190": "The QuickBooks subscription has ended: renew it, and press the button again.",
    "6430": "Choose an account of another type for this line, on the sheet Accounts.",
    "6480": "It is matched to a bank transaction: undo the match in QuickBooks, and press the button again.",
    "6540": "It is part of a deposit: take it out of the deposit in QuickBooks, and press the button again.",
}
