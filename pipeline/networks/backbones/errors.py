"""Why a backbone cannot be had."""


class BackboneError(ValueError):
    """No such backbone, or no weights for it; ``str()`` says what is wrong and what to do."""
