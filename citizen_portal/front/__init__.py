"""The front: between the server's event loop and the portal, which is a WSGI app with threads of its own.

Law: a thread is for work. Bodies are collected and answers handed on in the event loop, within bounds of bytes and
time; pages that are kept are answered there; and only what is whole reaches the app. It knows no subject, reads no
field and stores nothing, and what it refuses it refuses with a page that was made before it was needed.
"""
