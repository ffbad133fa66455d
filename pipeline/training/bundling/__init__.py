"""From trained networks to a bundle, and what of a bundle is measured rather than trained."""
