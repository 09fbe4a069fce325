"""The faults QuickBooks Online answers with, as Intuit words them.

Codes and messages: Intuit's "Error codes" and "Common errors" pages and its API reference; where a page gives
no wording, the words are ours and the code is Intuit's. A fault travels as an exception and leaves the server
as the JSON body Intuit sends (`Fault.Error[].{Message, Detail, code, element}`, `Fault.type`).
"""

from dataclasses import dataclass

from tieout.practice.quickbooks.figures import Doc

MESSAGES: dict[str, str] = {
    "500": "Unsupported Operation",
    "600": "Duplicate Request ID",
    "610": "Object Not Found",
    "620": "Transaction cannot be linked",
    "1040": "Batch size exceeds allowed limit",
    "2000": "Invalid or unsupported object name",
    "2010": "Request has invalid or unsupported property",
    "2020": "Required param missing, need to supply the required value for the API",
    "2030": "Invalid ID",
    "2050": "String length is either shorter or longer than supported by specification",
    "2070": "Invalid Date",
    "2090": "Invalid Number",
    "2130": "Invalid Request Id Format",
    "2140": "Invalid Amount",
    "2170": "Invalid Enumeration",
    "2190": "Invalid Date Range",
    "2220": "Invalid Currency Type",
    "2230": "Invalid Boolean",
    "2240": "Invalid Number Range",
    "2250": "Missing lines",
    "2260": "Missing PostingType",
    "2270": "Missing TaxApplicableOn",
    "2280": "Missing TaxAmount",
    "2290": "Negative Amount",
    "2300": "Amount on debits not equal to credits",
    "2500": "Invalid Reference Id",
    "2600": "Invalid request, conflicting elements in request",
    "4000": "Error parsing query",
    "4001": "Invalid query",
    "4002": "Error processing query",
    "5010": "Stale Object Error",
    "5030": "Feature Not Supported",
    "6000": "A business validation error has occurred while processing your request",
    "6010": "Invalid Account.AccountType && Account.SubType",
    "6030": "Upload request size exceeds allowed limit",
    "6041": "Invalid Uploaded File",
    "6070": "Amount calculation incorrect in the request",
    "6100": "Invalid Tax Code",
    "6140": "Duplicate Document Number Error",
    "6170": "Invalid TxnTaxDetail",
    "6190": "Invalid Company Status",
    "6200": "Account Period Closed, Cannot Update Through Services API",
    "6210": "Account Period Closed, Cannot Update Through Services API",
    "6240": "Duplicate Name Exists Error",
    "6270": "Inventory transaction before start date",
    "6430": "Invalid account type",
    "6540": "Deposited Transaction cannot be changed",
    "10000": "An application error has occurred while processing your request",
}

# The wording as it arrives from Intuit, doubled word and all.
CLOSED_DETAIL = (
    "The account period has closed and the account books cannot be updated through through the QBO Services"
    " API. Please use the QBO website to make these changes."
)
INACTIVE_DETAIL = (
    "Object Not Found : Something you're trying to use has been made inactive. Check the fields with"
    " accounts, customers, items, vendors or employees."
)


@dataclass(frozen=True, slots=True)
class FaultError:
    """One error of a fault: Intuit's code, what is wrong, and the property it is about ("" if none)."""

    code: str
    detail: str
    element: str = ""

    def body(self) -> Doc:
        """The error as it stands in the JSON of an answer."""
        return {
            "Message": MESSAGES[self.code],
            "Detail": self.detail,
            "code": self.code,
            "element": self.element,
        }


class Fault(Exception):
    """A request QuickBooks refuses; nothing of it was done."""

    def __init__(self, *errors: FaultError, status: int = 400, kind: str = "ValidationFault") -> None:
        super().__init__("; ".join(f"{error.code} {error.detail}" for error in errors))
        self.errors = errors
        self.status = status
        self.kind = kind

    def body(self) -> Doc:
        """The `Fault` object of the answer."""
        return {"Error": [error.body() for error in self.errors], "type": self.kind}


def fault(code: str, detail: str, element: str = "", *, status: int = 400) -> Fault:
    """A fault with one error."""
    kind = "SystemFault" if code == "10000" else "ValidationFault"
    return Fault(FaultError(code, detail, element), status=status, kind=kind)


def business(detail: str, element: str = "") -> Fault:
    """6000, the catch-all of business rules."""
    return fault("6000", f"Business Validation Error: {detail}", element)


def missing(parameter: str) -> Fault:
    """2020 for a required property that the request lacks."""
    return fault("2020", f"Required parameter {parameter} is missing in the request", parameter)


def not_found(kind: str, identity: str) -> Fault:
    """610 for an object that does not exist or was deleted."""
    return fault("610", f"Object Not Found : {kind} {identity} was not found, or another user has deleted it.")


def authentication_failed(detail: str) -> Doc:
    """The whole body of a 401: Intuit writes it in lower-case JSON, unlike every other fault."""
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {
            "error": [
                {
                    "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                    "detail": detail,
                    "code": "3200",
                    "element": None,
                }
            ],
            "type": "AUTHENTICATION",
        },
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "status": None,
        "cdcresponse": [],
    }


def throttled() -> Doc:
    """The `Fault` of a 429, ThrottleExceeded."""
    return {
        "Error": [
            {
                "Message": "message=ThrottleExceeded; errorCode=003001; statusCode=429",
                "Detail": "The request limit was reached.  Try again later",
                "code": "3001",
            }
        ],
        "type": "SERVICE",
    }


def forbidden() -> Doc:
    """The `Fault` of a 403: a live token, but of another company."""
    return {
        "Error": [
            {
                "Message": "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",
                "Detail": "The token is not authorized for this company",
                "code": "3100",
            }
        ],
        "type": "AUTHORIZATION",
    }
