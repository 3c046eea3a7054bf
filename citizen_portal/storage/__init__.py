"""The database: engine, sessions, the unit of work, column types and migrations.

The only room that knows which database runs below. Commits happen in ``unit_of_work`` and nowhere else.
It must never hold a table of its own (tables live with the room that owns them), never swallow a database
error, and never write a statement's parameters into a log: they are what residents wrote.
"""
