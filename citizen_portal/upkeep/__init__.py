"""The upkeep: whether the night has done its work, and whether this is the secret that the database was written with.

Both are one row of ``noted``. It must never hold anything of a resident, and nothing finer than a day.
"""
