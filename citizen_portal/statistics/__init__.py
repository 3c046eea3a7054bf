"""Pure numbers: raking, shares with intervals, change, and the disclosure rules.

Takes tallies and returns numbers with their base, interval and method. Imports neither Flask nor SQL and
never looks at a clock or a file. The room is empty until the first number is published.
"""
