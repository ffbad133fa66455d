"""The order of the channels."""

from dataclasses import replace

import cv2
import numpy as np

from pipeline.faces.photo import Photo


def convert_to_rgb(photo: Photo) -> Photo:
    """Give a photo its channels in the order red, green, blue (thesis §3.1, Listing 2); OpenCV's is BGR."""
    if photo.colour == "rgb":
        return photo
    return replace(
        photo, pixels=np.asarray(cv2.cvtColor(photo.pixels, cv2.COLOR_BGR2RGB), np.uint8), colour="rgb"
    )
