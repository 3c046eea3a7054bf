"""A resident's report: from form to table to receipt to triage.

``submit.py`` is the one way in and ``queries.py`` holds all reads. May touch municipality, storage and web.
It must never store who or where from, a time finer than a day, the receipt or the key that opens it, nor
drop a report: what looks like spam is quarantined for staff.
"""
