"""Other libraries' logs, kept from telling what lets somebody in.

urllib3 logs the address of each request at DEBUG, and a document's address is itself a key to it for five minutes.
Access tokens never reach a library that logs them (see `clients`).
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


def keep_logs_quiet() -> None:
    """Take signed addresses out of urllib3's log; once is enough, and again does no harm."""
    logger = logging.getLogger("urllib3.connectionpool")
    if not any(isinstance(one, _NoSignedAddresses) for one in logger.filters):
        logger.addFilter(_NoSignedAddresses())
