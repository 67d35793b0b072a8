"""Errors of Datafordeleren's GraphQL: they come with HTTP 200. The code decides; texts are never repeated."""

from __future__ import annotations

import re
from typing import Any

from connectors.errors import (
    AuthenticationError,
    PermissionDeniedError,
    Place,
    RateLimitedError,
    RequestRefusedError,
    ServerError,
    SourceError,
    SourceTimeoutError,
    UnexpectedContentError,
)

OURS = "the query is wrong for this version of the register: tell who maintains the connector"
KEY = "put a valid key in the connection"
# code, or how it begins -> class, meaning, advice
CODES: dict[str, tuple[type[SourceError], str, str]] = {
    "DAF-AUTH-0001": (PermissionDeniedError, "not authorised for the entity", "ask for the right to read it"),
    "DAF-AUTH-0005": (PermissionDeniedError, "the address is not listed for the key", "add it in the administration"),
    "DAF-AUTH-": (AuthenticationError, "the key was not accepted", KEY),
    "DAF-GQL-0008": (RequestRefusedError, "aliases are not allowed", OURS),
    "DAF-GQL-0009": (RequestRefusedError, "a time argument is missing", OURS),
    "DAF-GQL-0010": (RequestRefusedError, "more than one root field", OURS),
    "DAF-GQL-0016": (RequestRefusedError, "more than 100 values in a list", OURS),
    "DAF-GQL-": (RequestRefusedError, "a rule of the service is broken", OURS),
    "HC0011": (RequestRefusedError, "a syntax error, as of a Danish letter in a name", OURS),
    "HC0045": (SourceTimeoutError, "the service ran out of time", "pull again later"),
    "HC0046": (RequestRefusedError, "introspection is blocked", OURS),
    "HC00": (RequestRefusedError, "the query was refused", OURS),
}  # fmt: skip


def check_answer(place: Place, answer: Any, root: str) -> dict[str, Any]:
    """The connection under the root field; raise what the first error means."""
    if not isinstance(answer, dict):
        raise UnexpectedContentError(place, "the answer is no object", "check the address of the connection")
    errors = answer.get("errors")
    if errors:
        raise _fault(place, errors)
    data = answer.get("data")
    page = data.get(root) if isinstance(data, dict) else None
    if not isinstance(page, dict):
        raise UnexpectedContentError(place, f"the answer has no {root}", "check the address of the connection")
    return page


def _fault(place: Place, errors: Any) -> SourceError:
    first = errors[0] if isinstance(errors, list) else errors
    extensions = first.get("extensions") if isinstance(first, dict) else None
    code = extensions.get("code") if isinstance(extensions, dict) else None
    if not isinstance(code, str) or not re.fullmatch(r"[A-Z][A-Z0-9_-]{2,40}", code):
        return ServerError(place, "answered 200 with an error that has no code", "pull again later")
    if code in ("429", "TOO_MANY_REQUESTS", "RATE_LIMITED"):
        return RateLimitedError(place, f"answered 200 with error {code}", "pull again later")
    for begins in (code, code[:9], code[:8], code[:4]):
        if begins in CODES:
            kind, meaning, advice = CODES[begins]
            return kind(place, f"answered 200 with error {code}: {meaning}", advice)
    return RequestRefusedError(place, f"answered 200 with error {code}", "look the code up at the service")
