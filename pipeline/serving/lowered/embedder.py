"""faceres on framed heads: the face's crop is cut out in the network itself."""

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.identity.files import Network
from pipeline.identity.frame import Frame
from pipeline.identity.looks import AGE, FEATURES, MEAN_BGR, SEX, SIDE
from pipeline.identity.lowering import lowered
from pipeline.serving.lowered.operations import Tensor, centred, channels_last, constant

RESULTS = (FEATURES, AGE, SEX)


def embedder(network: Network, frame: Frame, *, side: int, batch: int) -> ov.Model:
    """Pictures uint8 (batch, side, side, 3), RGB → features, ages and sexes, float32, in this order.

    The same function as :meth:`pipeline.networks.faceres.FaceEmbedder.look`.

    Raises:
        GraphError: an operation is not known, or its weights are missing.
    """
    rows, columns = frame.matrices(side, SIDE)
    mean = np.array(MEAN_BGR, np.float32).reshape(1, 1, 1, 3)

    def enter(pictures: Tensor) -> Tensor:
        x = ops.matmul(
            ops.matmul(constant(rows), centred(pictures), False, False), constant(columns.T), False, False
        )
        x = ops.clamp(x, -1.0, 1.0)
        rgb = channels_last(ops.multiply(ops.add(x, constant(1.0)), constant(127.5)))
        bgr = ops.gather(rgb, ops.constant(np.array([2, 1, 0])), ops.constant(3))
        return ops.subtract(bgr, constant(mean))

    pictures = ops.parameter([batch, side, side, 3], np.uint8, name="pictures")
    return lowered(network.graph, network.arrays, enter, pictures, RESULTS)
