"""Machine interfaces: what monitors and other systems ask, and the feed of the baseline when there is one.

May touch every floor below. Gives a machine only what a person may see on a public page, or whether the portal
stands.
"""
