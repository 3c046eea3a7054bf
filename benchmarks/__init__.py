"""Benchmarks: what the portal costs beside the bare framework and the bare database.

A speed is only ever a ratio against a bare reference that does the same work in the same run, in short alternating
rounds, on the same server with as many processes and threads: so it holds on any machine and beside any
neighbour. Absolute numbers are printed to judge the ratio by, never to be compared with another day's.

Benchmarks measure and print; they assert nothing about speed, and nothing of the portal imports them.
"""
