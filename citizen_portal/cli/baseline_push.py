"""``citizen-portal baseline push``: a frozen baseline, delivered to the agreement's follow-up system."""

import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from citizen_portal.baseline import queries
from citizen_portal.baseline.delivery import Clock, DeliveryFailed, address_of, deliver
from citizen_portal.baseline.freezing import digest_of
from citizen_portal.settings import SettingsError, read_or_create_secrets
from citizen_portal.storage.engine import db

KEY_FILE = "delivery.key"


@click.command("push")
@click.argument("code")
@click.option("--to", "url", required=True, help="The receiver's address (https).")
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The key shared with the receiver, for its owner alone; {KEY_FILE} in the data directory unless given.",
)
@click.option("--allow-http", is_flag=True, help="Let an address of this machine be without encryption, to try it out.")
@with_appcontext
def push(code: str, url: str, key_file: Path | None, allow_http: bool) -> None:
    """Deliver the public document of the frozen baseline CODE, signed, and again until it is taken.

    Exits with 1 when it was not taken.
    """
    snapshot = queries.snapshot(db.session(), code)
    if snapshot is None:
        raise click.ClickException(f"there is no frozen baseline {code!r}")
    if not queries.standing(db.session(), code).is_public:
        raise click.ClickException(f"{code!r} is not public; nothing is delivered")
    if digest_of(snapshot.public_document) != snapshot.public_digest:
        raise click.ClickException(f"{code!r} is not what was frozen: its digest differs; nothing is delivered")
    document = snapshot.public_document.encode()
    key = _key(key_file or current_app.config["PORTAL_SETTINGS"].data_dir / KEY_FILE)
    try:
        address = address_of(url, allow_http=allow_http)
        delivered = deliver(document, address, key=key, clock=Clock(time.time, time.sleep))
    except DeliveryFailed as failure:
        raise click.ClickException(f"{code} is not delivered: {failure}") from failure
    click.echo(f"Delivered: {code}, {len(document)} bytes, answered {delivered.status}, tries: {delivered.tries}")
    click.echo(f"SHA-256 of the document: {snapshot.public_digest}")


def _key(file: Path) -> bytes:
    """The shared key. One that is missing is never made here: the receiver would not know it."""
    if not file.exists():
        raise click.ClickException(
            f"there is no key in {file}: put the key shared with the receiver there, for its owner alone (chmod 600)"
        )
    try:
        return read_or_create_secrets(file)[0]
    except (SettingsError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
