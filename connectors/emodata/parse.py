"""EMOData's list of labels to one row per label and building."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Item, Request
from connectors.errors import UnexpectedContentError
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

BUILDINGS = "BuildingNumbers"
ONE_BUILDING = "BuildingNumber"  # what searches for one property call it
WHOLE_PROPERTY = "0"  # EMOData's own number for all buildings of a property
NOTHING_FOUND = "RESULT_EMPTY"


def fetch_labels(request: Request) -> Iterator[Item]:
    """All labels of the municipality, those that have run out too."""
    with request.open_client() as client:
        answer = client.get_json(f"{request.stream.path}/{int(request.municipality_code)}")
    path = request.scratch / f"{request.stream.name}.csv"
    columns = request.stream.raw_columns
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(columns)
        for label in _labels(answer, request):
            writer.writerows(_rows(label, request.stream.columns))
    profile = stream_profile(request, path.name, columns={column: column for column in columns})
    digest = profile_digest(request, profile)
    yield plain_delivery(request, profile, FoundFile(path, (0, path.name), None), digest, None)


def _labels(answer: Any, request: Request) -> list[Mapping[str, Any]]:
    labels = answer.get("EnergyLabels") if isinstance(answer, dict) else None
    status = answer.get("ResponseStatus") if isinstance(answer, dict) else None
    if labels is None and isinstance(status, dict) and status.get("Status") == NOTHING_FOUND:
        return []
    if not isinstance(labels, list) or not all(isinstance(label, dict) for label in labels):
        problem = "the answer has no list EnergyLabels"
        raise UnexpectedContentError(request.place(), problem, "check the address of the connection")
    return labels


def _rows(label: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[list[str]]:
    for building in _buildings(label):
        yield [building if name == BUILDINGS else _text(label.get(name)) for name in columns]


def _buildings(label: Mapping[str, Any]) -> list[str]:
    """The buildings of a label, from a list or from one text; each once."""
    given = label.get(BUILDINGS) or label.get(ONE_BUILDING)
    texts = given if isinstance(given, list) else [given]
    numbers = [number for text in texts for number in re.split(r"[,;\s]+", _text(text)) if number]
    return list(dict.fromkeys(numbers)) or [WHOLE_PROPERTY]


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
