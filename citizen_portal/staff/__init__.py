"""The workplace: accounts, gate, inbox, export and audit.

May touch every floor below. Every page but the login passes the gate; every change writes an audit entry in
the same commit. A member of staff never appears by name before a resident.
"""
