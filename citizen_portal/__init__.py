"""The map of the house.

Four floors; a room imports only from floors below its own, never from beside or above.

    cli, app        the roof: commands, and the one file that wires every room
    staff, api      3rd floor: the workplace behind login; machine interfaces
    baseline, pages, upkeep  2nd floor: indicators; start, help and about pages; the night and the secret
    reports, surveys, front 1st floor: a resident's report; the citizen safety survey; what the server calls
    municipality, statistics, storage, web  ground: data, numbers, database, HTTP
    settings        the cellar: one frozen object read from the environment

Each package docstring states its own law.
"""

from citizen_portal.app import create_app

__all__ = ["create_app"]
