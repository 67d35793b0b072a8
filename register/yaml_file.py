"""Read one YAML file against the schema: exact decimals, no duplicate keys, and one clear sentence for a fault."""

from __future__ import annotations

import difflib
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from register.schema import RegisterError

Declared = TypeVar("Declared")


class _ExactLoader(yaml.SafeLoader):
    """SafeLoader with decimals instead of floats, which refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value} is there twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _construct_decimal(loader: _ExactLoader, node: yaml.ScalarNode) -> Decimal | str:
    text = str(loader.construct_scalar(node)).replace("_", "")
    # `.inf` and `.nan` are no amounts: left as text, which the schema refuses.
    return Decimal(text) if any(character.isdigit() for character in text) else text


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _construct_decimal)


def read_yaml(path: Path, label: str, shape: type[Declared]) -> Declared:
    """Read a file as `shape`, for example KeyFigure or list[Measure].

    Args:
        path: the file.
        label: what messages call it, for example register/general/gen_04.yml.
        shape: type the content must have.

    Raises:
        RegisterError: the file is not YAML, or not of that shape.
    """
    try:
        content = _ExactLoader(path.read_text(encoding="utf-8")).get_single_data()
    except UnicodeDecodeError:
        raise RegisterError(label, "is not UTF-8 text", "save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "the file"
        raise RegisterError(label, f"is not valid YAML: {error.problem}", f"correct {line}") from None
    try:
        return TypeAdapter(shape).validate_python(content)
    except ValidationError as error:
        raise _explained(label, shape, error) from None


def _explained(label: str, shape: Any, error: ValidationError) -> RegisterError:
    faults = error.errors(include_url=False, include_context=True)
    first = faults[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    problem, advice = _sentence(first, shape)
    if len(faults) > 1:
        advice += f" ({len(faults) - 1} more after this one)"
    return RegisterError(label, problem, advice, field=field)


def _sentence(fault: ErrorDetails, shape: Any) -> tuple[str, str]:
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(fault["loc"][-1]), _known_keys(shape), n=1)
        return "is not a known key", f"did you mean {near[0]}?" if near else "remove it"
    if fault["type"] == "missing":
        return "is missing", "write it"
    if fault["type"] == "value_error":
        problem, _, advice = fault["msg"].removeprefix("Value error, ").partition(": ")
        return problem, advice or "correct it"
    return f"is not valid: {fault['msg'][0].lower()}{fault['msg'][1:]}", "correct it"


def _known_keys(shape: Any) -> list[str]:
    """Every key of a shape and of what it holds."""
    schema = TypeAdapter(shape).json_schema(by_alias=True)
    parts = [schema, *schema.get("$defs", {}).values()]
    return [key for part in parts for key in part.get("properties", {})]
