"""The municipality that the running app serves, loaded once at start."""

from dataclasses import dataclass

from flask import Flask, current_app

from .model import Municipality
from .tapmap import TapMap


@dataclass(frozen=True, slots=True)
class Installed:
    """The municipality and its map, drawn once."""

    municipality: Municipality
    tap_map: TapMap


def install(app: Flask, municipality: Municipality) -> Installed:
    """Give the app its municipality and draw the map."""
    installed = Installed(municipality, TapMap.draw(municipality))
    app.extensions["municipality"] = installed
    return installed


def installed() -> Installed:
    """What ``install`` gave the running app."""
    return current_app.extensions["municipality"]
