"""The names under which acts are recorded; a name must be registered before it can be used."""

from dataclasses import dataclass


class UnregisteredAction(LookupError):
    """An act was to be recorded under a name that nobody registered."""


@dataclass(frozen=True)
class Action:
    """One kind of act.

    Attributes:
        name: namespaced, lasting: `lineup.created`.
        label: what a reader of the trail sees: `Lineup created`.
    """

    name: str
    label: str

    def __str__(self) -> str:
        return self.name


_REGISTERED: dict[str, Action] = {}


def register(name: str, label: str) -> Action:
    """Make ``name`` usable; the same name again must carry the same label.

    Raises:
        ValueError: the name has no namespace, is too long, or is taken with another label.
    """
    if "." not in name or len(name) > 64:
        raise ValueError(f"An action is named `noun.verb` in at most 64 characters, not {name!r}.")
    action = _REGISTERED.setdefault(name, Action(name, label))
    if action.label != label:
        raise ValueError(f"{name!r} is registered already, as {action.label!r}.")
    return action


def registered(action: Action) -> Action:
    """Return ``action`` itself.

    Raises:
        UnregisteredAction: it did not come from ``register``.
    """
    if _REGISTERED.get(action.name) != action:
        raise UnregisteredAction(f"{action.name!r} is not registered as an audit action.")
    return action


def label_of(name: str) -> str:
    """The label of a recorded name; the name itself once no code knows it any more."""
    action = _REGISTERED.get(name)
    return action.label if action else name
