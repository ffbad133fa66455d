"""The schedule of a training from anchors, as data."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from pipeline.networks.presets import GENERATORS
from pipeline.networks.stylegan2 import StyleGAN2Config
from pipeline.training.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class AnchorTraining(Schedule):
    """How a synthesis network learns from anchors, and a mapping network from where they are.

    The network is the generator. Its ``z_dim``, at most ``w_dim``, is also the number of principal
    components of the anchors' w that the mapping network learns to draw.

    Args:
        components, identities: numbers that the coder sees of a picture: how it looks, and who it shows.
        coder_width: units of the coder's hidden layers.
        code_noise: deviation of the noise on a code, whose numbers have a mean square of 1: near codes make
            near faces.
        learning_rate: Adam's, falling to a hundredth over the last third.
        pixel_weight: of the mean absolute difference of pixels; that of the maps seen counts once.
        identity_weight: of 1 - the cosine of faceres' features: a picture is to show the person it is of.
        synthesis_learns: False: the synthesis network stays as it starts, and only the coder learns.
        ema_kimg: half-life of the averaged weights in thousands of pictures.
        flow_steps, mapping_steps: updates of the flow, at most, and of the mapping network that learns of it.
        draws: pairs of z and w that the mapping network learns from.
        spread: deviation of the mapping network's w in those of the anchors' w.
    """

    network_type: ClassVar = StyleGAN2Config

    network: StyleGAN2Config
    components: int = 512
    identities: int = 0
    coder_width: int = 1024
    code_noise: float = 0.2
    batch: int = 16
    learning_rate: float = 0.002
    pixel_weight: float = 2.0
    identity_weight: float = 0.0
    synthesis_learns: bool = True
    ema_kimg: float = 3.0
    flow_steps: int = 8000
    mapping_steps: int = 8000
    draws: int = 100_000
    spread: float = 1.0

    @property
    def seen(self) -> int:
        """Numbers that the coder sees of a picture."""
        return self.components + self.identities

    def learning(self, synthesis: list[Any], coder: list[Any]) -> list[Any]:
        """Of the weights of both networks, those that learn."""
        return [*synthesis, *coder] if self.synthesis_learns else coder


ANCHORED: Final = replace(GENERATORS["demo"], reduced_precision_blocks=4)
_DEMO: Final = AnchorTraining(network=ANCHORED, precision="mixed_bfloat16")
PRESETS: Final = {
    "demo": _DEMO,
    "demo-64": replace(_DEMO, network=replace(ANCHORED, resolution=64)),
    # After a game: where the people of the pictures are in what it learned to make.
    "demo-people": replace(
        _DEMO,
        identities=256,
        identity_weight=8.0,
        code_noise=0.1,
        learning_rate=0.001,
        synthesis_learns=False,
        spread=1.1,
    ),
}
