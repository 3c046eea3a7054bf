"""A portal to measure: its data directory, its tables, and how many reports it holds."""

from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from citizen_portal import create_app
from citizen_portal.storage.engine import db


def migrated_data_dir(folder: Path, **environ: str) -> Path:
    """A data directory below ``folder`` with an empty, migrated database."""
    data_dir = folder / "instance"
    with create_app({"PORTAL_DATA_DIR": str(data_dir), "PORTAL_DEMO": "0", **environ}).app_context():
        upgrade()
        db.engine.dispose()
    return data_dir


def stored_reports(url: str) -> int:
    """Number of rows in the table of reports."""
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM report")).scalar_one()
    engine.dispose()
    return count
