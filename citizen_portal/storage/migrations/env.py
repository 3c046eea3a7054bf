"""Where Alembic meets the app: run migrations over the app's own engine and tables."""

from alembic import context
from alembic.migration import MigrationContext
from click import ClickException
from flask import current_app

from citizen_portal.storage.before_upgrade import copy_of, keep_copy

database = current_app.extensions["migrate"].db

with database.engine.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current not in {None, *(each.revision for each in context.script.walk_revisions())}:
        copy = f", or restore {copy_of(connection.engine.url.database)}" if is_sqlite else ""
        raise ClickException(f"the database is of a newer release (its tables are at {current}): install that{copy}")
    if is_sqlite and current not in {None, context.script.get_current_head()}:
        keep_copy(connection)
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        # SQLite cannot alter a table in place; batch mode copies it instead.
        render_as_batch=is_sqlite,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
