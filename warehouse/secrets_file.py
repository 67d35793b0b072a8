"""Generated secrets of one installation, in a JSON file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def read_or_make(path: Path, *names: str) -> dict[str, str]:
    """Return the named secrets, making those that are missing. The file has mode 0600 from its first byte."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in names if name not in known]
    if missing:
        known.update({name: secrets.token_urlsafe(24) for name in missing})
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(known, file, indent=1)
        draft.replace(path)
    return {name: known[name] for name in names}
