"""HTTP without a subject: language prefix, guard, throttle, page cache, assets, error pages, forms, CSV.

Knows requests and bytes, and nothing of reports, surveys or the database. No address, user agent or cookie
of a visitor leaves this room: the throttle keeps keyed digests in memory, under a key that dies with the
process. Everything a browser loads is served by the portal itself.
"""
