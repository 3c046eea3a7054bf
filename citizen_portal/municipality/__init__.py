"""The municipality: everything that is true of one place and not of the next, as frozen data.

This room is the only reader of municipality data: names, places, themes, telephone numbers, page texts, the tap
map. It touches the files of one municipality folder and the standard library: no SQL, no clock, and Flask only
where ``installed.py`` hands the loaded data to the app. It refuses to start on data that is incomplete or
misspelt in any language, and says which file, which key and why. It must never know a municipality by name: a
second one is a second folder.
"""

from .errors import Faults, MunicipalityError
from .geometry import areas_by_distance, distance_metres, inside, nearest_place, snap
from .loader import bundled_folder, load_municipality
from .model import (
    CONTACT_GROUPS,
    Area,
    Bounds,
    Contact,
    Municipality,
    Page,
    Place,
    QuestionnaireFile,
    Reason,
    Text,
    Theme,
)
from .population import MARGINS, MOST_APART, PopulationCounts, RegisterLevels, read_levels
from .tables import Table
from .tapmap import TapMap

__all__ = [
    "CONTACT_GROUPS",
    "MARGINS",
    "MOST_APART",
    "Area",
    "Bounds",
    "Contact",
    "Faults",
    "Municipality",
    "MunicipalityError",
    "Page",
    "Place",
    "PopulationCounts",
    "QuestionnaireFile",
    "Reason",
    "RegisterLevels",
    "Table",
    "TapMap",
    "Text",
    "Theme",
    "areas_by_distance",
    "bundled_folder",
    "distance_metres",
    "inside",
    "load_municipality",
    "nearest_place",
    "read_levels",
    "snap",
]
