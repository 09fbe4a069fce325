"""Why another computer was not reached, in the words of a person who keeps books.

Libraries tell it by the name of an exception, which is for the log. What is named here are the ones of `requests`
(requests.exceptions) that a network, a firewall or a sleeping computer causes.
"""

_WORDS = {
    "ConnectionError": "no connection came about, or it broke",
    "ConnectTimeout": "no connection came about in time",
    "ReadTimeout": "the answer did not come in time",
    "SSLError": "its certificate was not accepted",
    "ProxyError": "the proxy of this network did not pass it on",
    "ChunkedEncodingError": "the answer broke off",
    "ContentDecodingError": "the answer came garbled",
}


def why_lost(error: Exception) -> str:
    """What kept a request from its answer; the exception's own name where it is none of those that are known."""
    name = type(error).__name__
    return _WORDS.get(name, name)
