"""Keys of development mode: made on first use, kept under DATA_DIR, and never accepted in production."""

import base64
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

DEVELOPMENT_KEY_ID = "development"


@dataclass(frozen=True)
class KeysIn:
    """The development keys of one data folder. ``folder`` None: there are none, as in production."""

    folder: Path | None

    def secret_key(self) -> str:
        return self._kept()["secret_key"]

    def vault_keys(self) -> str:
        return self._kept()["vault_keys"]

    def _kept(self) -> dict[str, str]:
        if self.folder is None:
            return {"secret_key": "", "vault_keys": ""}
        path = self.folder / "development-keys.json"
        if not path.exists():
            self._make(path)
        return json.loads(path.read_text())

    def _make(self, path: Path) -> None:
        """All keys at once, and the first of two processes wins."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{secrets.token_hex(8)}")
        keys = {
            "secret_key": secrets.token_urlsafe(50),
            "vault_keys": f"{DEVELOPMENT_KEY_ID}:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        }
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(keys, file)
        with suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()


NO_KEYS = KeysIn(None)
