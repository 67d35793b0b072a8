"""The one HTTP client. It waits, tries again and turns every fault into an error of `connectors.errors`.

Retries are tenacity's, not urllib3's: they have to cover half bodies and wrong checksums of a streamed download too,
which urllib3 has handed over before they show. Keys never leave this module: no message, log or exception chain
holds a URL with its query.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import tenacity

from connectors import answers
from connectors.base import Way
from connectors.connections import Connection
from connectors.errors import (
    AuthenticationError,
    IncompleteResponseError,
    Place,
    RateLimitedError,
    RequestRefusedError,
    RetryableError,
    ServerError,
    SourceError,
    SourceTimeoutError,
    UnexpectedContentError,
)
from connectors.limits import open_turns
from connectors.policy import read_policy
from connectors.tally import Tally

T = TypeVar("T")
CHUNK = 1 << 20
REDIRECTS = 3
AGENT = "ejendomstal (open data warehouse for municipal property)"


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    params: Mapping[str, str]
    body: Any
    accepts: str
    headers: Mapping[str, str] = field(default_factory=dict)


class _MaskQueries(logging.Filter):
    """urllib3 logs request lines at debug level; their queries hold keys."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = re.sub(r"\?[^\s\"']*", "?...", record.getMessage())
        record.args = ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_MaskQueries())


class Client:
    """Talks to one service for one stream of one municipality. Use as a context manager."""

    def __init__(
        self,
        connection: Connection,
        place: Place,
        way: Way,
        *,
        tokens: MutableMapping[str, Any] | None = None,
        turns_folder: Path | None = None,
        tally: Tally | None = None,
    ) -> None:
        """`way` says how the connection's key is sent and which limits hold.

        Clients that share `tokens` share a login; those that share `turns_folder` share the limits. `version` is what
        the service called the version of its last answer, if it told one.
        """
        self.version: str | None = None
        self.connection = connection
        self._base = connection.base_url
        self._place = place
        self._way = way
        self._tokens = {} if tokens is None else tokens
        self._token_name = f"token {way.name} {connection.base_url}"
        self._is_logging_in = False
        self._policy = read_policy(connection.options, place, busy_pause=way.busy_pause)
        self._turns = open_turns(way.limits, self._policy, turns_folder, place)
        self._tally = tally or Tally()
        self._key_params = {way.auth_name: connection.key} if way.auth == "query" and connection.key else {}
        self._session = requests.Session()
        self._session.auth = lambda request: request  # otherwise requests looks into ~/.netrc
        self._session.headers["User-Agent"] = AGENT
        if way.auth == "header" and connection.key:
            self._session.headers[way.auth_name] = connection.key
        if way.auth == "basic":
            self._session.auth = (connection.login or "", connection.key or "")

    def __enter__(self) -> Client:
        """Nothing is sent yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open towards the service."""
        self._session.close()
        if self._turns is not None:
            self._turns.close()

    def get_json(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        unless: str | None = None,
    ) -> Any:
        """GET an answer in JSON. Numbers come as the text the source wrote, so that 0.0 stays 0.0.

        Raises:
            UnchangedError: the service has nothing newer than the version `unless` (as `version` was then).
        """
        conditions = answers.conditions(unless)
        call = _Call("GET", path, params or {}, None, "application/json", {**(headers or {}), **conditions})
        return self._again(lambda: self._json(call))

    def post_json(self, path: str, body: Any, params: Mapping[str, str] | None = None) -> Any:
        """POST a JSON body, get an answer in JSON; numbers as in `get_json`."""
        return self._again(lambda: self._json(_Call("POST", path, params or {}, body, "application/json")))

    def post_bytes(self, path: str, body: Any) -> bytes:
        """POST a JSON body, get the answer as it came: for large ones, which the caller parses by its own schema."""
        return self._again(lambda: self._bytes(_Call("POST", path, {}, body, "application/json")))

    def download(
        self,
        path: str,
        target: Path,
        params: Mapping[str, str] | None = None,
        *,
        body: Any = None,
        md5_hash: str = "",
        unless: str | None = None,
    ) -> None:
        """Stream an answer to a file; with `body` by POST. The file is there only if it is whole.

        Raises:
            UnchangedError: as in `get_json`.
        """
        call = _Call("GET" if body is None else "POST", path, params or {}, body, "*/*", answers.conditions(unless))
        try:
            self._again(lambda: self._file(call, target, md5_hash.lower()))
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    @property
    def place(self) -> Place:
        """What is being pulled, to be named in an error."""
        return self._place

    def log_out(self, path: str) -> None:
        """Close by DELETE the session that `login` opened; that it cannot be closed is no fault of a pull."""
        if self._tokens.pop(self._token_name, None) is not None:
            with suppress(SourceError), self._open(_Call("DELETE", path, {}, None, "application/json")):
                pass

    def _again(self, once: Callable[[], T]) -> T:
        """Do it until it goes through; a token that has run out is exchanged for a new one, once."""
        if self._way.login is None or self._is_logging_in:
            return self._patiently(once)
        self._log_in(self._way.login)
        try:
            return self._patiently(once)
        except AuthenticationError:
            self._tokens.pop(self._token_name, None)
        self._log_in(self._way.login)
        return self._patiently(once)

    def _log_in(self, login: Callable[[Client], str]) -> None:
        if self._token_name not in self._tokens:
            self._session.headers.pop(self._way.auth_name, None)
            self._is_logging_in = True
            try:
                self._tokens[self._token_name] = login(self)
            finally:
                self._is_logging_in = False
        self._session.headers[self._way.auth_name] = self._tokens[self._token_name]

    def _patiently(self, once: Callable[[], T]) -> T:
        policy = self._policy
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: self._worth_waiting(error)),
            stop=tenacity.stop_after_attempt(int(policy.attempts)),
            wait=self._pause,
            reraise=True,
        )
        return retrying(once)

    def _worth_waiting(self, error: BaseException) -> bool:
        return isinstance(error, RetryableError) and (error.retry_after or 0) <= self._policy.longest_wait

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, RetryableError) and error.retry_after is not None:
            return error.retry_after
        if isinstance(error, RateLimitedError | ServerError) and self._policy.busy_pause:
            return self._policy.busy_pause
        grown = tenacity.wait_exponential(multiplier=self._policy.backoff, max=self._policy.longest_wait / 2)(state)
        return grown + tenacity.wait_random(0, grown)(state)

    def _secrets(self) -> list[str]:
        """What may not be repeated from an answer."""
        known = (self.connection.key, self.connection.login, self._tokens.get(self._token_name))
        return [secret for secret in known if secret]

    def _json(self, call: _Call) -> Any:
        with self._open(call) as response:
            text = b"".join(self._chunks(response, self._policy.largest_json))
        try:
            return json.loads(text.decode("utf-8-sig"), parse_float=str, parse_int=str)
        except ValueError:
            raise UnexpectedContentError(
                self._place, f"answered with {answers.describe(response, text)} where JSON is expected",
                "check the address of the connection",
            ) from None  # fmt: skip

    def _bytes(self, call: _Call) -> bytes:
        with self._open(call) as response:
            return b"".join(self._chunks(response, self._policy.largest_json))

    def _file(self, call: _Call, target: Path, md5_hash: str) -> None:
        digest = md5(usedforsecurity=False)
        with self._open(call) as response, target.open("wb") as file:
            answers.check_is_file(self._place, response, self._secrets())
            for chunk in self._chunks(response, self._policy.largest_file):
                digest.update(chunk)
                file.write(chunk)
        if md5_hash and digest.hexdigest() != md5_hash:
            raise IncompleteResponseError(
                self._place, "the file is not the one that was announced: its MD5 sum differs", "pull again later"
            )

    @contextmanager
    def _open(self, call: _Call) -> Iterator[requests.Response]:
        """Send, follow redirects within the same host, raise what the status means."""
        url = f"{self._base}/{call.path.lstrip('/')}"
        params: Mapping[str, str] = {**call.params, **self._key_params}
        for _ in range(REDIRECTS + 1):
            turn = nullcontext() if self._turns is None else self._turns.take()
            with turn, self._faults(), self._send(call, url, params) as response:
                self._tally.calls += 1
                if not response.is_redirect:
                    answers.check_status(self._place, response, self._secrets())
                    self.version = answers.version_of(response)
                    yield response
                    return
                url, params = self._redirected(url, response), {}
        raise RequestRefusedError(self._place, "answered with one redirect after the other", "check the address")

    def _send(self, call: _Call, url: str, params: Mapping[str, str]) -> requests.Response:
        return self._session.request(
            call.method, url, params=dict(params), json=call.body, headers={"Accept": call.accepts, **call.headers},
            stream=True,
            allow_redirects=False, timeout=(self._policy.connect_timeout, self._policy.read_timeout),
        )  # fmt: skip

    def _redirected(self, url: str, response: requests.Response) -> str:
        target = urljoin(url, response.headers["Location"])
        if urlsplit(target)[:2] != urlsplit(url)[:2]:
            raise RequestRefusedError(
                self._place, "answered with a redirect to another host, which would be given the key",
                "check the address of the connection",
            )  # fmt: skip
        return target

    @contextmanager
    def _faults(self) -> Iterator[None]:
        # `from None`: what requests raises holds the URL with the key
        try:
            yield
        except requests.Timeout:
            raise SourceTimeoutError(self._place, "no answer in time", "pull again later") from None
        except requests.exceptions.ChunkedEncodingError:
            raise IncompleteResponseError(
                self._place, "the answer ended before its declared length", "pull again later"
            ) from None
        except requests.ConnectionError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise RequestRefusedError(
                    self._place, "the certificate of the host cannot be verified, so nothing was sent to it",
                    "check the address, or name your own authority in REQUESTS_CA_BUNDLE",
                ) from None  # fmt: skip
            if "timed out" in str(error).lower():
                raise SourceTimeoutError(self._place, "no answer in time", "pull again later") from None
            raise SourceTimeoutError(self._place, "no connection", "check the address, or pull again later") from None
        except requests.RequestException as error:
            problem = f"the request could not be sent ({type(error).__name__})"
            raise RequestRefusedError(self._place, problem, "check the address of the connection") from None

    def _chunks(self, response: requests.Response, largest: float) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            self._tally.bytes += len(chunk)
            if size > largest:
                problem = f"the answer is larger than {largest:.0f} bytes"
                raise UnexpectedContentError(self._place, problem, "check the address, or raise the limit")
            yield chunk
