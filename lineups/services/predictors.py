"""The attribute models of the bundles in use. A fact about a bundle, not an act: not in the audit trail."""

from lineups.attributes import Reliability
from lineups.models import Predictor


def known(bundle: str, reliability: Reliability | None) -> Predictor | None:
    """The attribute models of ``bundle``, noted when they are first met; None for a bundle that has none.

    Args:
        bundle: SHA-256 of its bundle.json, by which what it says of its reliability cannot change.
    """
    if reliability is None:
        return None
    predictor, _ = Predictor.objects.get_or_create(
        bundle=bundle, defaults={"reliability": {name: dict(entry) for name, entry in reliability.items()}}
    )
    return predictor
