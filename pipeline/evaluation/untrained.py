"""A network that has learned nothing, as the other end of the scale."""

import keras

from pipeline.evaluation.subject import Subject
from pipeline.networks.stylegan2 import Generator


def untrained(subject: Subject, *, seed: int) -> Subject:
    """A generator of the same sizes with fresh weights."""
    keras.utils.set_random_seed(seed)
    return Subject(Generator(subject.generator.config), None, {"kind": "untrained"}, subject.face)
