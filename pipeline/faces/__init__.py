"""From a photograph to a framed face: find, choose, frame, cut out. Nothing here needs Keras."""
