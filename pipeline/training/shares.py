"""How a batch is shared out: over devices, and over passes of one device when a batch does not fit it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipeline.networks.backend import Random, each, mean_of, strided
from pipeline.training.devices import OneDevice

Tensor = Any
Tree = Any


@dataclass(frozen=True)
class Shares:
    """Shares of every batch: share k of n has the samples k, k + n, k + 2n, …

    Random tensors are drawn for the whole batch and shared out like the training images, and what is learned
    from is the mean over the shares, so the update does not depend on their number, up to rounding. Two
    things can make it depend on it. The discriminator compares a sample with its minibatch group: groups are
    strided too, so those of the shares are those of the whole batch as long as a share is a multiple of the
    group (a smaller share is one group by itself). And a batch of the path length regularisation that does
    not divide by the shares is rounded up.

    Args:
        devices: what works at the same time.
        passes: what each device does one after the other before it takes a step.
    """

    devices: OneDevice = field(default_factory=OneDevice)
    passes: int = 1

    @property
    def count(self) -> int:
        """Shares of a batch."""
        return self.devices.count * self.passes

    def size(self, batch: int, group: int = 1) -> int:
        """Samples in a share.

        Args:
            batch: samples in all.
            group: of the minibatch deviation, which a share must be a multiple of or be smaller than.

        Raises:
            ValueError: the batch cannot be shared out evenly.
        """
        size, rest = divmod(batch, self.count)
        if rest or size == 0:
            raise ValueError(
                f"a batch of {batch} cannot be shared out evenly: {self.devices.count} device(s) in "
                f"{self.passes} pass(es) need a multiple of {self.count}."
            )
        if size % min(group, size):
            raise ValueError(
                f"a share of {size} samples is no multiple of the minibatch group of {group}; "
                "change the batch, the devices or the passes."
            )
        return size

    def index(self, number: Tensor) -> Tensor:
        """Inside a compiled function: the share of this device in pass ``number``."""
        return self.devices.index() + self.devices.count * number

    def of(self, batch: Tensor, share: Tensor) -> Tensor:
        """The samples of ``share``, an :meth:`index`."""
        return strided(batch, share, self.count)

    def random(self, seed: Tensor, share: Tensor) -> Random:
        """Random numbers of ``share``, drawn with those of all others."""
        return Random(seed, share, self.count)

    def mean(self, function: Callable[[Tensor], Tree]) -> Tree:
        """Mean of ``function`` (of a share's index) over all shares: the same on every device."""
        return self.devices.mean(mean_of(lambda number: function(self.index(number)), self.passes))

    def each(self, function: Callable[[Tensor], Tensor]) -> Tensor:
        """``function`` (of a share's index) for each of this device's passes, stacked; not differentiable."""
        return each(lambda number: function(self.index(number)), self.passes)
