"""Listings page by page, to their end: bounded, and never fooled by a page that comes twice."""

from collections.abc import Callable, Iterator

from tieout.amazon.faults import page_repeats, too_many_pages
from tieout.download_ports import AmazonUnavailable
from tieout.limits import AMAZON_PAGE_REPEATS_MAX, AMAZON_PAGES_MAX

# Fetches the page of a token ("" for the first): the page, and the token of the next ("" after the last).
FetchPage = Callable[[str], tuple[bytes, str]]


def pages(fetch: FetchPage, what: str) -> Iterator[bytes]:
    """The raw pages of a listing; AmazonUnavailable if it does not end, or one page comes again and again.

    A page that names the token it was asked for with is the one before it, sent again: it is asked for once more.
    """
    token, repeats, seen = "", 0, set[str]()
    for _ in range(AMAZON_PAGES_MAX):
        content, following = fetch(token)
        while following and following in seen:
            repeats += 1
            if repeats > AMAZON_PAGE_REPEATS_MAX:
                raise AmazonUnavailable(page_repeats(what))
            content, following = fetch(token)
        yield content
        if not following:
            return
        seen.add(following)
        token = following
    raise AmazonUnavailable(too_many_pages(what, AMAZON_PAGES_MAX))
