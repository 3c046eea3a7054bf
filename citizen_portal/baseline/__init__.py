"""Indicators of the agreement between municipality and police: compute, freeze, publish, feed.

May touch reports, surveys and the ground floor. Publishes only what the disclosure rules let through and
never changes a frozen value. The room is empty until the first indicator moves in.
"""
