"""Absolute addresses of the feed: under the portal's public address, or under the host that was asked."""

from flask import current_app, request, url_for


def absolute(endpoint: str, **values: str) -> str:
    """The address of one of the feed's endpoints, as a reader elsewhere needs it."""
    return base() + url_for(endpoint, **values)


def base() -> str:
    """Scheme and host, without a closing slash."""
    public_url = current_app.config["PORTAL_SETTINGS"].public_url
    return public_url or request.host_url.removesuffix("/")
