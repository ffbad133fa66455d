"""How a picture looks, whoever is on it: wall, light, sharpness, noise; evened out, and who stands out."""
