"""What belongs to a warehouse beside its database: kept bytes, configuration, and, encrypted, generated secrets."""

from __future__ import annotations

import base64
import os
import shutil
import tarfile
from pathlib import Path

import fsspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from connectors.store import hash_file
from warehouse.backup.manifest import BackupError
from warehouse.settings import Settings

CONFIGURATION = "config.tar.gz"
SECRETS = "secrets.json.encrypted"
SALT_BYTES, NONCE_BYTES = 16, 12
HEAD_BYTES = SALT_BYTES + NONCE_BYTES


def kept_root(settings: Settings) -> str:
    """Where the kept bytes are, as `ops.deliveries.stored_path` begins."""
    return str(fsspec.core.url_to_fs(settings.kept_bytes_url)[1]).rstrip("/")


def save_kept_bytes(settings: Settings, target: Path) -> int:
    """Copy kept files that `target` does not have yet: a kept file never changes. Returns how many there are."""
    files, root = fsspec.core.url_to_fs(settings.kept_bytes_url)
    root = root.rstrip("/")
    names = [path.removeprefix(f"{root}/") for path in files.find(root)] if files.exists(root) else []
    lasting = [name for name in names if not name.endswith(".tmp")]
    for name in lasting:
        if not (target / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            passing = target / f"{name}.tmp"
            files.get_file(f"{root}/{name}", str(passing))
            passing.replace(target / name)
    return len(lasting)


def restore_kept_bytes(settings: Settings, source: Path) -> int:
    """Put back what the store lacks; nothing that it has is touched. Returns how many files were put back.

    Raises:
        BackupError: a copy is not what its name says.
    """
    files, root = fsspec.core.url_to_fs(settings.kept_bytes_url)
    root, count = root.rstrip("/"), 0
    for path in sorted(source.rglob("*")) if source.exists() else ():
        name = path.relative_to(source).as_posix()
        if not path.is_file() or name.endswith(".tmp") or files.exists(f"{root}/{name}"):
            continue
        if hash_file(path) != path.name.split("_", 1)[0]:
            raise BackupError(f"{path} is damaged: take it from another copy of the backup.")
        files.makedirs(f"{root}/{name}".rsplit("/", 1)[0], exist_ok=True)
        files.put_file(str(path), f"{root}/{name}")
        count += 1
    return count


def count_missing(settings: Settings, paths: list[str]) -> int:
    """How many of these kept files the store does not have."""
    files, _ = fsspec.core.url_to_fs(settings.kept_bytes_url)
    return sum(not files.exists(path) for path in paths)


def save_configuration(settings: Settings, folder: Path) -> None:
    """Everything below the configuration folder; the key of no source is in there."""
    with tarfile.open(folder / CONFIGURATION, "w:gz") as archive:
        if settings.config.exists():
            archive.add(settings.config, arcname=".")


def restore_configuration(settings: Settings, folder: Path) -> Path:
    """Unpack it where the configuration belongs, or beside it where there is one. Returns where."""
    target = settings.config
    if target.exists() and any(target.iterdir()):
        target = settings.home / "config.restored"
        shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / CONFIGURATION) as archive:
        archive.extractall(target, filter="data")
    return target


def save_secrets(settings: Settings, folder: Path) -> bool:
    """Encrypt `secrets.json` with the passphrase. Without one, or without the file, nothing is written."""
    if settings.backup_passphrase is None or not settings.secrets_file.exists():
        return False
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(settings, salt)).encrypt(nonce, settings.secrets_file.read_bytes(), None)
    (folder / SECRETS).write_bytes(base64.b64encode(salt + nonce + sealed))
    return True


def restore_secrets(settings: Settings, folder: Path) -> bool:
    """Write `secrets.json` from the backup where the home folder has none. Returns whether it did.

    Raises:
        BackupError: the passphrase is another.
    """
    if settings.secrets_file.exists() or settings.backup_passphrase is None or not (folder / SECRETS).exists():
        return False
    given = base64.b64decode((folder / SECRETS).read_bytes())
    salt, nonce, sealed = given[:SALT_BYTES], given[SALT_BYTES:HEAD_BYTES], given[HEAD_BYTES:]
    try:
        opened = AESGCM(_key(settings, salt)).decrypt(nonce, sealed, None)
    except InvalidTag:
        raise BackupError("EJENDOMSTAL_BACKUP_PASSPHRASE is not the one the secrets were encrypted with.") from None
    settings.home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.secrets_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(opened)
    return True


def _key(settings: Settings, salt: bytes) -> bytes:
    assert settings.backup_passphrase is not None
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(
        settings.backup_passphrase.get_secret_value().encode()
    )
