"""Start, help and about: the municipality's texts and the doors to the rooms below.

Reads municipality data and renders it; never touches the database, so these pages stand when it does not.
"""
