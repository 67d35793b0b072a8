"""What an HTTP answer means: statuses to errors, and words about an answer that hold nothing secret."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from connectors.errors import (
    AuthenticationError,
    PermissionDeniedError,
    Place,
    RateLimitedError,
    RequestRefusedError,
    RetryableError,
    ServerError,
    SourceTimeoutError,
    TooMuchAskedError,
    UnchangedError,
    UnexpectedContentError,
)

# How the sources name an error in a JSON answer: Dalux, StatBank, Datafordeler.
ERROR_CODES = ("errorCode", "errorTypeCode", "code")
# How eloverblik says that less has to be asked for; 10004 comes with status 429, which waiting cannot cure.
TOO_MUCH = ("(10004", "(30012")
ERROR_TEXTS = ("errorCodeMessage", "message", "title")
PEEK = 4000
CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


def check_status(place: Place, response: requests.Response, secrets: Sequence[str]) -> None:
    """Raise the error that the status means; 2xx passes."""
    status = response.status_code
    if 200 <= status < 300:
        return
    if status == 304:
        raise UnchangedError(place, "has nothing newer", "keep what has landed")
    problem = f"answered {status}" + _declared_error(response, secrets)
    if status == 413 or any(code in problem for code in TOO_MUCH):
        raise TooMuchAskedError(place, problem, "ask for less at a time")
    if status == 401:
        raise AuthenticationError(place, problem, "put a valid key in the connection")
    if status == 403:
        raise PermissionDeniedError(place, problem, "ask the source's owner for the right to read this")
    if status == 429:
        raise _with_wait(RateLimitedError(place, problem, "pull again later or more seldom"), response)
    if status == 408:
        raise SourceTimeoutError(place, problem, "pull again later")
    if status >= 500:
        raise _with_wait(ServerError(place, problem, "pull again later"), response)
    raise RequestRefusedError(place, problem, "check the address and the configuration")


def version_of(response: requests.Response) -> str | None:
    """What the service calls the version of this answer: its entity tag, or when it was last modified."""
    for name in CONDITIONS:
        if value := response.headers.get(name, "").strip():
            return f"{name} {value}"
    return None


def conditions(version: str | None) -> dict[str, str]:
    """Headers that ask for an answer only if it is of another version; a version of another making asks nothing."""
    name, _, value = (version or "").partition(" ")
    return {CONDITIONS[name]: value} if name in CONDITIONS else {}


def check_is_file(place: Place, response: requests.Response, secrets: Sequence[str]) -> None:
    """Raise when a download answers with a page or an error instead of a file."""
    kind = _content_type(response)
    if kind == "text/html":
        problem = "answered with an HTML page where a file is expected"
        raise UnexpectedContentError(place, problem, "check the address of the connection")
    if kind == "application/json":
        problem = "answered with JSON where a file is expected" + _declared_error(response, secrets)
        raise RequestRefusedError(place, problem, "check the configuration")


def describe(response: requests.Response, content: bytes) -> str:
    """What kind of answer this is, in two words."""
    if not content.strip():
        return "nothing"
    if _content_type(response) == "text/html" or content.lstrip()[:1] == b"<":
        return "HTML or XML"
    return "something else"


def _content_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _declared_error(response: requests.Response, secrets: Sequence[str]) -> str:
    """The code and text of an error in JSON, cut to one short line, the key taken out."""
    try:
        answer = json.loads(next(response.iter_content(PEEK), b"").decode("utf-8-sig"))
    except (ValueError, requests.RequestException):
        return ""
    if not isinstance(answer, dict):
        return ""
    parts = [answer.get(name) for names in (ERROR_CODES, ERROR_TEXTS) for name in names]
    text = " ".join(str(part) for part in parts if isinstance(part, str | int))
    for secret in secrets:
        text = text.replace(secret, "***")
    text = re.sub(r"\s+", " ", re.sub(r"https?://\S+", "(address)", text)).strip(" .;")[:120]
    return f" ({text})" if text else ""


def _with_wait(error: RetryableError, response: requests.Response) -> RetryableError:
    error.retry_after = _retry_after(response.headers.get("Retry-After", "").strip())
    return error


def _retry_after(asked: str) -> float | None:
    """Seconds, from either form of the header: a number or a date."""
    if asked.isdigit():
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
