"""Where fillers come from."""

from django.db.models import TextChoices


class Source(TextChoices):
    """Two sources behind one search.

    The gallery has photographic people who do not exist, and composes more between them; the generator makes
    any face (thesis §3.4), and can be refined to a photograph.
    """

    GALLERY = "gallery", "Gallery of photographic people"
    GENERATOR = "generator", "Generator"
