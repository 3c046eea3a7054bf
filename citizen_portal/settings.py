"""Settings: one frozen, validated object from the environment.

Unknown ``PORTAL_`` names and unsafe values are refused at start, because a misspelt setting that is
silently ignored is a fault nobody sees until it matters.
"""

import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

SECRET_BYTES = 32
MOST_SECRETS = 2
# A secret drawn at random has more, even one of 32 hexadecimal digits.
FEWEST_SIGNS = 8
FEWEST_PAIRS = 20
OFTEN_USED = ("password", "secret", "change", "example", "default", "qwerty", "123456", "abcdef")
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")


class SettingsError(Exception):
    """A setting is unknown, malformed or unsafe; the text names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the operator can choose. Paths are absolute, ``port`` is a TCP port."""

    host: str
    port: int
    data_dir: Path
    database_url: str
    municipality: Path | None
    secret_key_file: Path
    redis_url: str | None
    trusted_proxies: int
    public_url: str | None
    demo: bool
    workers: int
    threads: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check the settings; raise ``SettingsError`` on the first bad one."""
        _refuse_unknown(environ)
        data_dir = data_dir_of(environ)
        municipality = environ.get("PORTAL_MUNICIPALITY")
        secret_file = environ.get("PORTAL_SECRET_KEY_FILE")
        return cls(
            host=environ.get("HOST") or "127.0.0.1",
            port=_whole_number(environ, "PORT", 8000, 1, 65535),
            data_dir=data_dir,
            database_url=_database_url(environ, data_dir),
            municipality=Path(municipality).absolute() if municipality else None,
            secret_key_file=Path(secret_file).absolute() if secret_file else data_dir / "secret.key",
            redis_url=_redis_url(environ),
            trusted_proxies=_whole_number(environ, "PORTAL_TRUSTED_PROXIES", 0, 0, 10),
            public_url=_public_url(environ),
            demo=_yes_or_no(environ, "PORTAL_DEMO", True),
            workers=_whole_number(environ, "PORTAL_WORKERS", min(os.cpu_count() or 1, 8), 1, 64),
            threads=_whole_number(environ, "PORTAL_THREADS", 4, 1, 64),
        )

    @property
    def serves_https(self) -> bool:
        """Whether residents reach the site over HTTPS, as the public address says."""
        return bool(self.public_url and self.public_url.startswith("https://"))

    @property
    def own_hosts(self) -> frozenset[str]:
        """Names a request may ask for: the public one, and for a monitor those of this machine; empty for any."""
        if self.public_url is None:
            return frozenset()
        return frozenset((str(urlsplit(self.public_url).hostname), *LOOPBACK_HOSTS))

    def described(self) -> list[tuple[str, str]]:
        """Pairs of variable name and value in force, with passwords in addresses hidden."""
        return [(VARIABLES[field.name], _without_password(getattr(self, field.name))) for field in fields(self)]


VARIABLES = {
    "host": "HOST",
    "port": "PORT",
    "data_dir": "PORTAL_DATA_DIR",
    "database_url": "PORTAL_DATABASE_URL",
    "municipality": "PORTAL_MUNICIPALITY",
    "secret_key_file": "PORTAL_SECRET_KEY_FILE",
    "redis_url": "PORTAL_REDIS_URL",
    "trusted_proxies": "PORTAL_TRUSTED_PROXIES",
    "public_url": "PORTAL_PUBLIC_URL",
    "demo": "PORTAL_DEMO",
    "workers": "PORTAL_WORKERS",
    "threads": "PORTAL_THREADS",
}


def read_or_create_secrets(path: Path) -> tuple[bytes, ...]:
    """Return the server's secret, making it on first use with access for its owner alone.

    A second line of the file is the secret from before: what was made with it is still known, and nothing new is made.
    Raises ``SettingsError`` when others may read the file, what it holds can be guessed, or there is no place for it.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _create_secret(path)
        return _read_secrets(path)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read or made: {error.strerror}") from error


def _create_secret(path: Path) -> None:
    # Written whole under a name of its own, then linked: a link never replaces a secret already in use, and no
    # other process ever reads half of one.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


def _read_secrets(path: Path) -> tuple[bytes, ...]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"{path} can be read by others: run chmod 600 on it")
    lines = path.read_text().split() or [""]
    if len(lines) > MOST_SECRETS:
        raise SettingsError(f"{path} holds more than {MOST_SECRETS} lines: the secret, and the one from before")
    for line in lines:
        if weakness := _weakness(line):
            raise SettingsError(f"{path} {weakness}: it is no secret. Remove it and a good one is made")
    return tuple(line.encode() for line in lines)


def _weakness(secret: str) -> str | None:
    """Why a secret could be guessed; None for one that was drawn at random."""
    if len(secret) < SECRET_BYTES:
        return f"holds fewer than {SECRET_BYTES} characters"
    if any(word in secret.lower() for word in OFTEN_USED):
        return "holds a word that is often used"
    if (secret + secret).find(secret, 1) < len(secret) or len(set(secret)) < FEWEST_SIGNS:
        return "repeats itself"
    pairs = set(pairwise(secret))
    if len({ord(there) - ord(here) for here, there in pairs}) < FEWEST_SIGNS or len(pairs) < FEWEST_PAIRS:
        return "follows a pattern"
    return None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = set(VARIABLES.values())
    for name in sorted(environ):
        if name.startswith("PORTAL_") and name not in known:
            raise SettingsError(f"{name} is no setting of this portal. Known: {', '.join(sorted(known))}")


def _whole_number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name}={text!r} must be a whole number from {low} to {high}")
    return int(text)


def _yes_or_no(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name) or str(int(default))
    if text not in {"0", "1"}:
        raise SettingsError(f"{name}={text!r} must be 0 or 1")
    return text == "1"


def data_dir_of(environ: Mapping[str, str]) -> Path:
    """Where the portal keeps its files; the folder may not be there yet."""
    return Path(environ.get("PORTAL_DATA_DIR") or "instance").absolute()


def _database_url(environ: Mapping[str, str], data_dir: Path) -> str:
    url = environ.get("PORTAL_DATABASE_URL") or f"sqlite:///{data_dir / 'portal.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("PORTAL_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    return url


def _redis_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("PORTAL_REDIS_URL")
    if not url:
        return None
    try:
        # Asked for its port, a malformed address raises.
        sound = urlsplit(url).scheme in {"redis", "rediss"} and urlsplit(url).port != 0
    except ValueError:
        sound = False
    if not sound or find_spec("redis") is None:
        raise SettingsError("PORTAL_REDIS_URL must be like redis://cache:6379/0, and needs the Python package redis")
    return url


def _public_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("PORTAL_PUBLIC_URL")
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
        raise SettingsError(f"PORTAL_PUBLIC_URL={url!r} must be like https://tryggt.example.se")
    return f"{parts.scheme}://{parts.netloc}"


def _without_password(value: object) -> str:
    text = "" if value is None else str(int(value) if isinstance(value, bool) else value)
    parts = urlsplit(text) if "://" in text else None
    if parts and parts.password:
        return text.replace(f":{parts.password}@", ":***@")
    return text
