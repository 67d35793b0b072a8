"""Every error of a source, by what the caller does about it.

- `RetryableError`: the same call may go through later; the client has already tried again.
- `FatalError`: the same call cannot succeed; a person has to act. `RejectedDeliveryError` is the fatal case of a
  delivery whose bytes are kept while its rows stay out.
- `SkippableError`: one item is left out, counted and reported; the pull goes on.
- `ConfigError`: the configuration is wrong; nothing was asked of the source.

Each message is one sentence that names source, municipality, file, row and field as far as they are known, what was
expected and what to do. It never holds a row's content, a person, a key or a token.
"""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.errors import KnownError


@dataclass(frozen=True)
class Place:
    """Where in the data something went wrong; unknown parts are None. `row` counts data rows from 1."""

    source: str
    stream: str | None = None
    municipality_code: str | None = None
    file: str | None = None
    row: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [self.source if self.stream is None else f"{self.source}.{self.stream}"]
        for label, value in (
            ("municipality", self.municipality_code),
            ("file", self.file),
            ("row", self.row),
            ("field", self.field),
        ):
            if value is not None:
                parts.append(f"{label} {value}")
        return ", ".join(parts)


class SourceError(KnownError):
    """A fault met while pulling or landing. `problem` says what was seen and expected, `advice` what to do."""

    def __init__(self, place: Place, problem: str, advice: str) -> None:
        super().__init__(f"{place}: {problem}; {advice}.")
        self.place = place
        self.problem = problem
        self.advice = advice


class RetryableError(SourceError):
    """The same call may go through later. `retry_after`: seconds the source asks to be left alone, if it says so."""

    retry_after: float | None = None


class FatalError(SourceError):
    """The same call cannot succeed; a person has to act."""


class SkippableError(SourceError):
    """One item is left out, counted and reported."""


class UnchangedError(SkippableError):
    """HTTP 304: the service has nothing newer than what was named to it."""


class ConfigError(SourceError):
    """The configuration is wrong. `others`: further faults of the same kind, found at the same look."""

    others: tuple[ConfigError, ...] = ()


class RateLimitedError(RetryableError):
    """HTTP 429, still so after waiting as the source asked."""


class BusyError(RetryableError):
    """Another pull of the same stream is under way."""


class ServerError(RetryableError):
    """HTTP 5xx."""


class SourceTimeoutError(RetryableError):
    """No answer in time, or no connection."""


class IncompleteResponseError(RetryableError):
    """The body ended before its declared length."""


class AuthenticationError(FatalError):
    """HTTP 401: the key is missing, wrong or expired."""


class PermissionDeniedError(FatalError):
    """HTTP 403: the key is known but may not read this."""


class RequestRefusedError(FatalError):
    """Another HTTP 4xx, or an error the source declares in its answer."""


class TooMuchAskedError(RequestRefusedError):
    """HTTP 413, or a source's own way to say that less has to be asked for at a time."""


class UnexpectedContentError(FatalError):
    """The answer is not what the protocol says: HTML instead of JSON, a missing field, another table."""


class RepeatedPageError(FatalError):
    """Paging does not move on: a page or bookmark came twice."""


class RejectedDeliveryError(FatalError):
    """The delivery's bytes are kept, its rows stay out."""


class EmptyFileError(RejectedDeliveryError):
    """No bytes, or a heading and no rows."""


class EncodingError(RejectedDeliveryError):
    """Bytes that the declared encoding does not have."""


class TruncatedArchiveError(RejectedDeliveryError):
    """A zip or gzip file that ends too early or fails its checksum."""


class ArchiveTooLargeError(RejectedDeliveryError):
    """Unpacking would pass the size or ratio limit."""


class UnreadableFileError(RejectedDeliveryError):
    """The file is not of the declared format."""


class DuplicateHeadingError(RejectedDeliveryError):
    """Two columns with one heading."""


class UnknownColumnError(RejectedDeliveryError):
    """A heading that the profile neither maps nor drops."""


class MissingColumnError(RejectedDeliveryError):
    """A required column is not in the file."""


class WrongMunicipalityError(RejectedDeliveryError):
    """Rows or a header of another municipality."""


class MalformedRowsError(RejectedDeliveryError):
    """More rows are unusable than a delivery may have."""


class RowCountError(RejectedDeliveryError):
    """The rows landed are not as many as the source declared."""


class ControlTotalError(RejectedDeliveryError):
    """The sum of the rows is not the total the source declared."""


class ShrunkenDeliveryError(RejectedDeliveryError):
    """Far fewer rows than the deliveries it would replace have: a cut-off extract is likelier than a change."""


class OverlappingWindowError(RejectedDeliveryError):
    """The window covers a part of an earlier delivery's window."""
