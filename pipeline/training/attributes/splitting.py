"""A backbone cut in two: first layers that never learn, and the rest."""

import keras


def split_at(backbone: keras.Model, before: str) -> tuple[keras.Model, keras.Model]:
    """Cut a backbone before a layer; the parts share the backbone's layers and weights.

    Returns:
        (image → the layer's input, the layer's input → the backbone's output).

    Raises:
        ValueError: it has no such layer, or more than the layer's input crosses the cut.
    """
    names = [layer.name for layer in backbone.layers]
    if before not in names:
        raise ValueError(f"the backbone has no layer {before!r}; it has {', '.join(names[:5])} …")
    between = backbone.get_layer(before).input
    try:
        return (
            keras.Model(backbone.input, between, name="still"),
            keras.Model(between, backbone.output, name="trunk"),
        )
    except ValueError as error:
        raise ValueError(f"the backbone cannot be cut before {before!r}: {error}") from error
