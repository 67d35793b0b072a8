"""The one landing engine (being written: the dataclasses are final)."""

from connectors.declarations import (
    Checks,
    ControlTotal,
    Delivery,
    Dialect,
    LandingResult,
    Limits,
    NumberFormat,
)

__all__ = ["Checks", "ControlTotal", "Delivery", "Dialect", "LandingResult", "Limits", "NumberFormat"]
