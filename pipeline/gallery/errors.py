"""What is wrong with a gallery."""


class GalleryError(ValueError):
    """A gallery that cannot be read, written or composed from; ``str()`` is one sentence about why."""
