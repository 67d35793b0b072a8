"""What a municipality says about access to its properties: `access.yml` in its folder of the configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from register.schema import Declaration, RegisterError, Text
from register.yaml_file import read_yaml

FILE = "access.yml"
ALL = "all"
# What the table says for `all`: whoever takes part, also municipalities that join later.
EVERY_MUNICIPALITY = "*"
Code = Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class RestrictedProperty(Declaration):
    """A security-sensitive property: it counts in sums, its own rows are shown to nobody."""

    property_no: Text
    reason: Text


class Share(Declaration):
    """Details that other municipalities may see as their own."""

    with_: Annotated[list[Code], Field(min_length=1)] | Literal["all"] = Field(alias="with")
    detail: list[Literal["properties"]] = Field(min_length=1)

    @field_validator("with_", "detail")
    @classmethod
    def _once(cls, value: list[str] | str) -> list[str] | str:
        if isinstance(value, list) and len(set(value)) < len(value):
            raise ValueError("names one twice: remove one")
        return value


class Access(Declaration):
    """The whole file. Without it nothing is restricted and nothing shared."""

    restricted: list[RestrictedProperty] = Field(default=[])
    share: list[Share] = Field(default=[])

    @model_validator(mode="after")
    def _each_once(self) -> Access:
        numbers = [one.property_no for one in self.restricted]
        if len(set(numbers)) < len(numbers):
            raise ValueError("restricts a property twice: remove one")
        return self

    def pairs(self) -> list[tuple[str, str]]:
        """With whom (a code, or EVERY_MUNICIPALITY) and which detail, each once."""
        return sorted(
            {
                (code, detail)
                for share in self.share
                for code in ([EVERY_MUNICIPALITY] if share.with_ == ALL else share.with_)
                for detail in share.detail
            }
        )


def read_access(folder: Path) -> Access:
    """Read a municipality's access.yml; the file may be absent.

    Raises:
        RegisterError: the file is wrong; names municipality, file and field, never a property.
    """
    path = folder / FILE
    if not path.is_file():
        return Access()
    label = f"municipality {folder.name}, file {FILE}"
    access = read_yaml(path, label, Access)
    if any(code == folder.name for code, _ in access.pairs()):
        raise RegisterError(label, "shares with itself", "name other municipalities", field="share")
    return access
