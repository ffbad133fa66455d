"""Who a face is, as numbers, without Keras."""
