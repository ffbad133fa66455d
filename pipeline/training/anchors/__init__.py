"""Anchors: training pictures that have a w of their own, from which the generator is to make them."""
