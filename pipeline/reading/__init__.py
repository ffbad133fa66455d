"""What a photograph shows, read from the features of who it is: sex, age, hair, beard, glasses."""

from pipeline.reading.files import ReadingError
from pipeline.reading.reader import Read, Reader
from pipeline.reading.words import VALUES

__all__ = ["VALUES", "Read", "Reader", "ReadingError"]
