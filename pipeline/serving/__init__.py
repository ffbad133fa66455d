"""A bundle's networks as functions of arrays, by OpenVINO on a processor or by Keras."""
