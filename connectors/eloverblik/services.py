"""Asking for metering points: ten at a time, halved where that is too much, refused ones counted and left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from connectors.base import Request
from connectors.errors import (
    AuthenticationError,
    Place,
    RequestRefusedError,
    SkippableError,
    TooMuchAskedError,
    UnexpectedContentError,
)
from connectors.http import Client

BATCH = 10  # recommended; more ends in 10004 or a timeout
NO_ERROR = "10000"
TOO_MUCH = ("10004", "30012")
# Faults of the service, not of the question: that point is asked for once more, alone.
PASSING = ("20011", "30011")
# Nothing of ours will be answered so: the question is wrong (dates, arguments) or the token is.
WRONG_QUESTION = ("10001", "30000", "30001", "30002", "30003", "30004")
WRONG_TOKEN = ("50",)
UNANSWERED = "none"
MEANINGS = {
    NO_ERROR: "no readings",
    "10004": "too much data even alone",
    "20008": "not found",
    "20009": "child of another metering point",
    "20010": "no relation to it",
    "20012": "no right to read it",
    "30007": "no data",
    "30008": "aggregation not available",
    "30010": "period not covered by the authorisation",
    "30012": "too much data even alone",
    UNANSWERED: "left out of the answer",
}
SHOWN = 5


class Answered(Protocol):
    """What one metering point got, under HTTP 200: data, or an error of its own."""

    @property
    def metering_point_id(self) -> str:
        """Of which metering point."""

    @property
    def code(self) -> str:
        """10000: no error."""


A = TypeVar("A", bound=Answered)
Ask = Callable[[Sequence[str]], list[A]]


@dataclass(frozen=True)
class Service:
    """What differs between the two APIs."""

    details_path: str
    list_points: Callable[[Client, Request], list[Mapping[str, object]]]


@dataclass
class LeftOut:
    """Metering points without an answer, by code: ids by their last four digits."""

    tails: dict[str, list[str]] = field(default_factory=dict)

    def note(self, code: str, metering_point_id: str) -> None:
        """Count one."""
        self.tails.setdefault(code, []).append(metering_point_id[-4:])

    def warnings(self, place: Place) -> tuple[str, ...]:
        """One sentence per code."""
        return tuple(str(_as_error(place, code, tails)) for code, tails in sorted(self.tails.items()))


def body(ids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """The request body of every call that names metering points."""
    return {"meteringPoints": {"meteringPoint": list(ids)}}


def ask_in_batches(ids: Sequence[str], ask: Ask[A], left_out: LeftOut, place: Place) -> Iterator[tuple[int, list[A]]]:
    """Yield, in the order of `ids`, how many were asked for and the good answers among theirs."""
    waiting = deque(ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    while waiting:
        batch = waiting.popleft()
        try:
            answers = _ask(batch, ask, place)
        except TooMuchAskedError:
            if len(batch) > 1:
                waiting.extendleft((batch[len(batch) // 2 :], batch[: len(batch) // 2]))
                continue
            left_out.note(TOO_MUCH[0], batch[0])
            answers = {}
        else:
            for one in batch:
                if one not in answers:
                    left_out.note(UNANSWERED, one)
        for one, answer in answers.items():
            if answer.code != NO_ERROR:
                left_out.note(answer.code, one)
        yield len(batch), [answer for answer in answers.values() if answer.code == NO_ERROR]


def _ask(batch: Sequence[str], ask: Ask[A], place: Place) -> dict[str, A]:
    """Answers of the points asked for; the first counts where one comes twice."""
    found: dict[str, A] = {}
    answers = ask(batch)
    for answer in answers:
        if answer.code in TOO_MUCH:
            raise TooMuchAskedError(place, f"answered {answer.code}", "ask for less at a time")
        _refuse_wrong(answer.code, place)
        if answer.metering_point_id in batch:
            found.setdefault(answer.metering_point_id, answer)
    if not found and any(answer.metering_point_id for answer in answers):
        problem = "the answer is about other metering points than those asked for"
        raise UnexpectedContentError(place, problem, "pull again later, or tell the source's owner")
    for one, answer in found.items():
        if answer.code in PASSING and len(batch) > 1:
            found[one] = next((again for again in ask([one]) if again.metering_point_id == one), answer)
    return found


def _refuse_wrong(code: str, place: Place) -> None:
    if code in WRONG_QUESTION:
        raise RequestRefusedError(place, f"answered {code}", "check the clock, since and first_year")
    if code.startswith(WRONG_TOKEN) and len(code) == len(NO_ERROR):
        raise AuthenticationError(place, f"answered {code}", "put a valid refresh token in the connection")


def _as_error(place: Place, code: str, tails: list[str]) -> SkippableError:
    meaning = MEANINGS.get(code, "no explanation known")
    shown = ", ".join(tails[:SHOWN]) + (" ..." if len(tails) > SHOWN else "")
    return SkippableError(
        place, f"{len(tails)} metering points were left out with code {code} ({meaning}), ending in {shown}",
        "look at them in the portal",
    )  # fmt: skip
