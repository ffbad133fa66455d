"""The networks in OpenVINO's own operations, from the weights that Keras' networks have. Without Keras.

Maps are channels first inside: OpenVINO's convolutions want them so. Pictures come and go channels last, in
bytes.
"""
