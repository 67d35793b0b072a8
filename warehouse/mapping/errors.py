"""Faults of the workbench. Like every message of ours they never carry a row's content."""

from __future__ import annotations

from warehouse.errors import KnownError


class MappingError(KnownError):
    """The workbench cannot do what was asked; the message says what to do."""


class WorkbookError(MappingError):
    """A filled-in workbook has faults. `faults` are all of them, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults; the message is all of them."""
        super().__init__("\n".join(faults))
        self.faults = faults
