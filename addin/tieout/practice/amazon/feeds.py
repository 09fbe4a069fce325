"""The Feeds API, 2021-06-30, for JSON_LISTINGS_FEED: a document up, a feed about it, a report on each message.

Source: the models `feeds_2021-06-30.json`, `listings-feed-schema-v2.json` (what goes in) and
`listings-feed-processing-report-schema-v2.json` (what comes out).
"""

from secrets import token_hex

from tieout.practice.amazon.documents import DOWNLOADS, UPLOADS, presigned, refused_address
from tieout.practice.amazon.listings import checked_patches, deletion, full_update, take_patches
from tieout.practice.amazon.page_tokens import page_token, read_page_token
from tieout.practice.amazon.seller import LISTINGS, Seller
from tieout.practice.amazon.wire import Answer, ApiError, Doc, Request, invalid_input, iso, not_found
from tieout.practice.exact_json import NotJson, read_json, write_json

FEED_TYPE = "JSON_LISTINGS_FEED"
QUEUED_FOR_S = 2
WORKED_ON_S = 3
MESSAGES_MAX = 25_000
STATUSES = ("IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL")
_FEED, _INPUT, _PAGES = "feed", "feed input", "feeds"
_RESULT_PREFIX = "amzn1.tortuga.4.result."
_JSON_TYPE = "application/json; charset=UTF-8"


def create_feed_document(seller: Seller, request: Request) -> Answer:
    """createFeedDocument: an address to put the feed at."""
    seller.need(LISTINGS)
    content_type = request.json().get("contentType")
    if not isinstance(content_type, str) or not content_type:
        raise invalid_input("contentType is required.")
    document_id = f"amzn1.tortuga.4.input.{token_hex(12)}"
    seller.state.put(_INPUT, document_id, {"contentType": content_type, "text": None})
    url = presigned(seller, UPLOADS, document_id, request.now_s)
    return Answer({"feedDocumentId": document_id, "url": url}, status=201)


def upload(seller: Seller, request: Request, *, expired: bool) -> Answer:
    """The PUT of a feed's bytes at the address that was given."""
    refused = refused_address(seller, UPLOADS, request, expired=expired)
    kept = seller.state.get(_INPUT, request.parts[0])
    if refused is not None or kept is None:
        return refused or Answer(status=404, raw=b"")
    if (
        request.headers.get("content-type", "").replace(" ", "").lower()
        != kept["contentType"].replace(" ", "").lower()
    ):
        return Answer(
            status=403, raw=b"<Error><Code>SignatureDoesNotMatch</Code></Error>", content_type="application/xml"
        )
    seller.state.put(_INPUT, request.parts[0], {**kept, "text": request.body.decode("utf-8", "replace")})
    return Answer(raw=b"")


def create_feed(seller: Seller, request: Request) -> Answer:
    """createFeed."""
    seller.need(LISTINGS)
    body = request.json()
    if body.get("feedType") != FEED_TYPE:
        raise invalid_input(f"Feed type {body.get('feedType')} is not supported.")
    ids = body.get("marketplaceIds")
    if not isinstance(ids, list) or not ids:
        raise invalid_input("marketplaceIds is required.")
    seller.chosen(ids)
    document = seller.state.get(_INPUT, str(body.get("inputFeedDocumentId")))
    if document is None or document["text"] is None:
        raise invalid_input("inputFeedDocumentId names no uploaded document.")
    with seller.state.lock:
        feed_id = str(60_000_000_001 + seller.state.count(_FEED))
        kept = {"marketplaces": ids, "created": request.now_s, "cancelled": False}
        result = _work(seller, feed_id, ids, document["text"], request)
        seller.state.put(_FEED, feed_id, {**kept, "result": result})
    return Answer({"feedId": feed_id}, status=202)


def get_feed(seller: Seller, request: Request) -> Answer:
    """getFeed."""
    return Answer(_doc(request.parts[0], _known(seller, request.parts[0]), request.now_s))


def cancel_feed(seller: Seller, request: Request) -> Answer:
    """cancelFeed: too late at once, because the practice seller's feeds are begun as soon as they are sent."""
    _known(seller, request.parts[0])
    raise invalid_input("Only a feed in the queue can be cancelled.")


def get_feeds(seller: Seller, request: Request) -> Answer:
    """getFeeds."""
    seller.need(LISTINGS)
    if token := request.one("nextToken"):
        if len(request.query) > 1:
            raise invalid_input("nextToken cannot be used with any other parameter.")
        asked = read_page_token(_PAGES, token)
    else:
        if not request.many("feedTypes", at_most=10):
            raise invalid_input("Either feedTypes or nextToken is required.")
        asked = {
            "types": list(request.many("feedTypes")),
            "statuses": list(request.many("processingStatuses", among=STATUSES)),
            "size": request.number("pageSize", default=10, low=1, high=100),
            "from": 0,
        }
    docs = [_doc(feed_id, kept, request.now_s) for feed_id, kept in reversed(seller.state.all(_FEED))]
    docs = [
        doc
        for doc in docs
        if doc["feedType"] in asked["types"]
        and (not asked["statuses"] or doc["processingStatus"] in asked["statuses"])
    ]
    stop = asked["from"] + asked["size"]
    body: Doc = {"feeds": docs[asked["from"] : stop]}
    if stop < len(docs):
        body["nextToken"] = page_token(_PAGES, {**asked, "from": stop})
    return Answer(body)


def get_feed_document(seller: Seller, request: Request) -> Answer:
    """getFeedDocument: the address of the processing report."""
    document_id = request.parts[0]
    feed_id = document_id.removeprefix(_RESULT_PREFIX)
    if not document_id.startswith(_RESULT_PREFIX):
        raise not_found(f"Feed document {document_id} was not found.")
    if "resultFeedDocumentId" not in _doc(feed_id, _known(seller, feed_id), request.now_s):
        raise not_found(f"Feed document {document_id} was not found.")
    url = presigned(seller, DOWNLOADS, document_id, request.now_s)
    return Answer({"feedDocumentId": document_id, "url": url, "compressionAlgorithm": "GZIP"})


def feed_result(seller: Seller, document_id: str) -> tuple[bytes, str, bool] | None:
    """The bytes of a processing report; None if the id is of something else."""
    kept = seller.state.get(_FEED, document_id.removeprefix(_RESULT_PREFIX))
    if kept is None or not document_id.startswith(_RESULT_PREFIX):
        return None
    return write_json(kept["result"]).encode(), _JSON_TYPE, True


def _known(seller: Seller, feed_id: str) -> Doc:
    seller.need(LISTINGS)
    kept = seller.state.get(_FEED, feed_id)
    if kept is None:
        raise not_found(f"Feed {feed_id} was not found.")
    return kept


def _doc(feed_id: str, kept: Doc, now_s: int) -> Doc:
    started, ended = kept["created"] + QUEUED_FOR_S, kept["created"] + QUEUED_FOR_S + WORKED_ON_S
    fatal = kept["result"]["summary"]["messagesProcessed"] == 0
    status = "IN_QUEUE" if now_s < started else "IN_PROGRESS" if now_s < ended else "FATAL" if fatal else "DONE"
    doc: Doc = {
        "feedId": feed_id,
        "feedType": FEED_TYPE,
        "marketplaceIds": kept["marketplaces"],
        "createdTime": iso(kept["created"]),
        "processingStatus": status,
    }
    if status != "IN_QUEUE":
        doc["processingStartTime"] = iso(started)
    if status in ("DONE", "FATAL"):
        doc |= {"processingEndTime": iso(ended), "resultFeedDocumentId": _RESULT_PREFIX + feed_id}
    return doc


def _work(seller: Seller, feed_id: str, marketplace_ids: list[str], text: str, request: Request) -> Doc:
    """Take a feed's messages in and say what became of each."""
    issues: list[Doc] = []
    accepted = invalid = 0
    for message in _messages(seller, text, issues):
        found = _message_issues(seller, marketplace_ids, message, request)
        issues += found
        accepted, invalid = (accepted, invalid + 1) if found else (accepted + 1, invalid)
    return {
        "header": {"sellerId": seller.seller_id, "version": "2.0", "feedId": feed_id},
        "issues": issues,
        "summary": {
            "errors": len(issues),
            "warnings": 0,
            "messagesProcessed": accepted + invalid,
            "messagesAccepted": accepted,
            "messagesInvalid": invalid,
        },
    }


def _messages(seller: Seller, text: str, issues: list[Doc]) -> list[Doc]:
    try:
        feed = read_json(text.encode())
        header, messages = feed["header"], feed["messages"]
        good = header["sellerId"] == seller.seller_id and header["version"] == "2.0"
        if good and 1 <= len(messages) <= MESSAGES_MAX:
            return list(messages)
    except (NotJson, KeyError, TypeError):
        pass
    issues.append({"code": "4000001", "severity": "ERROR", "message": "The feed is not a valid JSON_LISTINGS_FEED."})
    return []


def _message_issues(seller: Seller, marketplace_ids: list[str], message: Doc, request: Request) -> list[Doc]:
    sku, number = str(message.get("sku", "")), message.get("messageId")
    try:
        patches = _patches(seller, marketplace_ids, message)
        found = [issue for each in marketplace_ids for issue in take_patches(seller, each, sku, patches, request)]
    except ApiError as error:
        found = [{"code": "4000002", "severity": "ERROR", "message": error.message, "attributeNames": []}]
    known = {"messageId": number} if isinstance(number, int) and number > 0 else {}
    return [
        {
            **known,
            **({"sku": sku} if sku else {}),
            "code": issue["code"],
            "severity": "ERROR",
            "message": issue["message"],
            **({"attributeName": issue["attributeNames"][0]} if issue["attributeNames"] else {}),
        }
        for issue in found
    ]


def _patches(seller: Seller, marketplace_ids: list[str], message: Doc) -> list[Doc]:
    operation, attributes = message.get("operationType"), message.get("attributes")
    if operation == "DELETE":
        return deletion()
    if operation == "PATCH" and isinstance(message.get("patches"), list):
        return checked_patches(message["patches"])
    if operation == "UPDATE" and isinstance(attributes, dict):
        return full_update(seller, tuple(marketplace_ids), str(message.get("sku")), attributes)
    if operation == "PARTIAL_UPDATE" and isinstance(attributes, dict):
        patches = [{"op": "replace", "path": f"/attributes/{name}", "value": one} for name, one in attributes.items()]
        return checked_patches(patches)
    raise invalid_input("operationType is not valid.")
