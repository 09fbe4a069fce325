"""Other libraries' logs, kept from telling what lets somebody in, or what is in an answer.

urllib3 logs the address of each request at DEBUG, and a document's address is itself a key to it for five minutes.
python-amazon-sp-api logs headers, parameters and whole answers at DEBUG: the first hold no token of ours (see
`clients`), but the last hold such addresses and the seller's orders. What we log ourselves says which request was
made and how it ended.
"""

import logging
import re

_KEYS = re.compile(r"\?\S*X-Amz-\S*", re.IGNORECASE)


class _NoSignedAddresses(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _KEYS.search(message):
            record.msg, record.args = _KEYS.sub("?…", message), ()
        return True


class _NoAnswers(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG


def keep_logs_quiet() -> None:
    """Take signed addresses and answers out of the libraries' logs; once is enough, and again does no harm."""
    for name, quiet in (("urllib3.connectionpool", _NoSignedAddresses), ("sp_api.base.client", _NoAnswers)):
        logger = logging.getLogger(name)
        if not any(isinstance(one, quiet) for one in logger.filters):
            logger.addFilter(quiet())
