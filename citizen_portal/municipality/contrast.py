"""Colour contrast as WCAG 2.2 counts it (success criterion 1.4.3). Pure."""

from __future__ import annotations

import re

READABLE = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def is_colour(colour: str) -> bool:
    """True for ``#rrggbb``, the only spelling municipality data may use."""
    return _COLOUR.fullmatch(colour) is not None


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 (same) to 21 (black on white); order does not matter."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1; formula of WCAG 2.2, "relative luminance"."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
