"""Photos: from a posted file to a small JPEG that holds pixels and nothing else.

Law: what a file costs is bounded before it is decoded, and decoding happens in a process of its own that can be killed.
Nothing of the posted file is kept, and nothing a decoder says is written anywhere.
"""

from citizen_portal.reports.photos.field import MOST_WITH_PHOTOS, PhotosField
from citizen_portal.reports.photos.thumbnails import thumbnail_address
from citizen_portal.reports.photos.uploads import STORED_MEDIA_TYPE

__all__ = ["MOST_WITH_PHOTOS", "STORED_MEDIA_TYPE", "PhotosField", "thumbnail_address"]
