"""Pure numbers: raking, shares with intervals, change, and the disclosure rules.

Takes tallies and returns numbers with their base, interval and method: ``estimates`` is the way in. Imports neither
Flask nor SQL and never looks at a clock; ``rows`` alone reads files, for the analyst's bench. Every formula names its
source and is held to R's values in ``tests/reference``. Nothing is rounded but in ``disclosure``, which decides what
the public may see.
"""
