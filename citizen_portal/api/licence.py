"""The licence of what is published: CC0, which the Swedish profile of DCAT asks of every catalogue."""

LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"
LICENCE_NAME = "CC0-1.0"
