"""Delivering a frozen baseline: its exact bytes by POST, signed with a shared key, again until they are taken.

The receiver can tell from the signature who sent what to which address and when, and from the idempotency key that a
second delivery is the first one again. docs/delivery.md is the contract.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

SCHEME = "citizen-portal-delivery-v1"
SIGNATURE = "Portal-Signature"
TIMEOUT_SECONDS = 20
# Seconds before each further try; more than a minute of trouble is for a person to look at.
WAITS = (1, 2, 4, 8, 16)
LONGEST_WAIT = 120
TOO_MANY_REQUESTS = 429
NO_CONNECTION = (urllib.error.URLError, http.client.HTTPException, OSError)


class DeliveryFailed(Exception):
    """The snapshot was not taken; the text says why, and what was answered last."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to deliver: the whole URL, and what its request names as target (path and query)."""

    url: str
    target: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the receiver answered, and after how many tries."""

    status: int
    tries: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a delivery: ``now`` in seconds since 1970, ``wait`` for so many seconds."""

    now: Callable[[], float]
    wait: Callable[[float], None]


def address_of(url: str, *, allow_http: bool = False) -> Address:
    """Check where to deliver. ``allow_http`` lets an address of this machine be without encryption, for trying out.

    Raises ``DeliveryFailed`` for anything but https, and for an address with a password or with signs that need coding.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise DeliveryFailed(f"this is no address: {error}") from error
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise DeliveryFailed("the address must be a whole URL of plain signs, such as https://example.org/baselines")
    if parts.username is not None or parts.fragment:
        raise DeliveryFailed("the address must hold no name, password or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_http and _is_this_machine(host)):
        raise DeliveryFailed("the address must begin with https:// (--allow-http is for this machine only)")
    path = parts.path or "/"
    return Address(
        url=urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")),
        target=f"{path}?{parts.query}" if parts.query else path,
    )


def string_to_sign(target: str, body: bytes, timestamp: int) -> bytes:
    """What the signature is of: five lines, parted by line feeds, with none at the end."""
    return "\n".join((SCHEME, "POST", target, hashlib.sha256(body).hexdigest(), str(timestamp))).encode()


def signature(key: bytes, target: str, body: bytes, timestamp: int) -> str:
    """The value of the signature's header: the time of signing and the HMAC-SHA256 in hexadecimal digits."""
    code = hmac.new(key, string_to_sign(target, body, timestamp), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={code}"


def deliver(document: bytes, address: Address, *, key: bytes, clock: Clock) -> Delivered:
    """Post the document until it is taken. Each try is signed anew, under the same idempotency key.

    Tries again after a broken connection, an answer of 500 or more, and 429, which may say how long to wait. Raises
    ``DeliveryFailed`` at once for any other answer, such as a redirect, and when the last try has failed.
    """
    for tries, planned in enumerate((*WAITS, None), start=1):
        asked = None
        try:
            status, asked = _post(document, address, key, clock)
        except NO_CONNECTION as error:
            if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
                raise DeliveryFailed(f"the receiver's certificate cannot be trusted: {error}") from error
            trouble = f"there was no connection ({getattr(error, 'reason', None) or type(error).__name__})"
        else:
            if 200 <= status < 300:
                return Delivered(status, tries)
            trouble = f"the receiver answered {status}"
            if status < 500 and status != TOO_MANY_REQUESTS:
                raise DeliveryFailed(f"{trouble}, and does not want it again")
        if planned is None:
            break
        wait = max(planned, _seconds(asked, clock))
        if wait > LONGEST_WAIT:
            raise DeliveryFailed(f"{trouble} and asks for {wait:.0f} seconds of patience: deliver again then")
        clock.wait(wait)
    raise DeliveryFailed(f"{trouble}, {tries} times: deliver again later")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A signed document goes where it was addressed to, and nowhere else."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def _post(document: bytes, address: Address, key: bytes, clock: Clock) -> tuple[int, str | None]:
    """One try: the status of the answer, and its ``Retry-After``."""
    digest = hashlib.sha256(document)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": digest.hexdigest(),
        "Repr-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
        SIGNATURE: signature(key, address.target, document, int(clock.now())),
        "User-Agent": "citizen-portal",
    }
    request = urllib.request.Request(address.url, document, headers, method="POST")  # noqa: S310 - address_of checks
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, None
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers.get("Retry-After")


def _seconds(retry_after: str | None, clock: Clock) -> float:
    """The seconds that ``Retry-After`` asks for, which is a number or a date; 0 when it says nothing readable."""
    if retry_after is None:
        return 0
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return parsedate_to_datetime(retry_after).timestamp() - clock.now()
    except ValueError:
        return 0


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
