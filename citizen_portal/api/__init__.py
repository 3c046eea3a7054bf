"""Machine interfaces: what monitors and other systems ask, and the feed of frozen baselines.

May touch every floor below. Gives a machine only what a person may see on a public page, or whether the portal
stands. Of a baseline it reads the public document and nothing else.
"""
