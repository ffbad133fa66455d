"""Whether the pages of the site must say that its faces are for demonstration only."""

from django.http import HttpRequest

from lineups import status


def casework(request: HttpRequest) -> dict[str, bool]:
    """For templates: true while what is in use is fit for casework. A page that is not told so is marked."""
    return {"casework": status.current().casework}
