"""Labels of photographs of which nobody has said what they show."""

from typing import Final

from pipeline.gallery.building.labels import Labels
from pipeline.reading import Read

KEYS: Final = ("sex", "ethnicity", "hair", "hair_length", "beard", "glasses", "baldness", "mouth")


def labels_read(read: Read) -> Labels | None:
    """What was read, as labels; None where something of it is not certain.

    Of a beard only that there is one can be read, not of which kind: it counts as a full one.
    """
    values = {key: read.description[key].value for key in KEYS if key in read.description}
    if len(values) < len(KEYS) or None in values.values():
        return None
    return Labels(
        sex=str(values["sex"]),
        age=read.years,
        ethnicity=str(values["ethnicity"]),
        hair="bald" if values["baldness"] else str(values["hair"]),
        length="none" if values["baldness"] else str(values["hair_length"]),
        beard="full" if values["beard"] else "none",
        glasses=bool(values["glasses"]),
        mouth=str(values["mouth"]),
    )
