"""The devices that one update runs on: one code for a single device and for several that share the batch.

Every device holds the whole state and works on its share of the batch; gradients are averaged over the
devices before each of them takes the same optimiser step. See :class:`pipeline.training.shares.Shares` for
which samples a device gets.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.networks.backend import BACKEND, compiled

Tensor = Any
Tree = Any
AXIS = "device"


class NoSuchDevices(ValueError):
    """More devices were asked for than there are."""


class OneDevice:
    """A single device, whichever the backend chooses."""

    count = 1

    def compiled(self, function: Callable[..., Tree]) -> Callable[..., Tree]:
        """``function`` compiled to run on every device; its arguments are the same on all."""
        return compiled(function)

    def everywhere(self, tree: Tree) -> Tree:
        """Tensors as every device's own, the form in which compiled functions take and return state."""
        return tree

    def first(self, tree: Tree) -> Tree:
        """The inverse of :meth:`everywhere`: the first device's tensors."""
        return tree

    def index(self) -> Any:
        """Inside a compiled function: number of the device that it runs on."""
        return 0

    def mean(self, tree: Tree) -> Tree:
        """Inside a compiled function: mean over the devices of each tensor; can be differentiated.

        Differentiating the sum of all devices' values is what a gradient through it means, so the mean over
        devices of the gradients is that of the mean over devices of the values.
        """
        return tree


class JaxDevices(OneDevice):
    """Several JAX devices: one program on all of them, state replicated.

    Args:
        devices: of ``jax.local_devices()``.
    """

    def __init__(self, devices: Sequence[Any]) -> None:
        import jax
        import numpy as np

        self.count = len(devices)
        self.mesh = jax.sharding.Mesh(np.array(devices), (AXIS,))
        spec: Any = jax.sharding.PartitionSpec
        self.same = spec()

    def compiled(self, function: Callable[..., Tree]) -> Callable[..., Tree]:
        import jax

        # check_vma would differentiate replicated values with a sum of its own; the mean here is explicit.
        return jax.jit(
            jax.shard_map(function, mesh=self.mesh, in_specs=self.same, out_specs=self.same, check_vma=False)
        )

    def everywhere(self, tree: Tree) -> Tree:
        import jax

        return jax.device_put(tree, jax.sharding.NamedSharding(self.mesh, self.same))

    def first(self, tree: Tree) -> Tree:
        import jax

        return jax.tree.map(lambda x: x.addressable_data(0), tree)

    def index(self) -> Any:
        import jax

        return jax.lax.axis_index(AXIS)

    def mean(self, tree: Tree) -> Tree:
        import jax

        average: Any = jax.lax.pmean
        return average(tree, AXIS)


class TensorFlowDevices(OneDevice):
    """Several TensorFlow devices under a ``MirroredStrategy``.

    Args:
        names: of logical devices.
    """

    def __init__(self, names: Sequence[str]) -> None:
        import tensorflow as tf

        self.count, self.names = len(names), list(names)
        on_gpus = all("GPU" in name for name in self.names)
        # Named, for the default may give the replicas' reductions numbers that do not agree.
        reduction = tf.distribute.NcclAllReduce() if on_gpus else tf.distribute.ReductionToOneDevice()
        self.strategy = tf.distribute.MirroredStrategy(self.names, reduction)

    def compiled(self, function: Callable[..., Tree]) -> Callable[..., Tree]:
        import tensorflow as tf

        return tf.function(lambda *arguments: self.strategy.run(function, args=arguments), autograph=False)

    def everywhere(self, tree: Tree) -> Tree:
        import tensorflow as tf

        def copied(x: Tensor) -> Any:
            copies = []
            for name in self.names:
                with tf.device(name):
                    copies.append(tf.identity(x))
            return self.strategy.experimental_distribute_values_from_function(
                lambda context: copies[context.replica_id_in_sync_group]
            )

        return tf.nest.map_structure(copied, tree)

    def first(self, tree: Tree) -> Tree:
        import tensorflow as tf

        return tf.nest.map_structure(lambda x: self.strategy.experimental_local_results(x)[0], tree)

    def index(self) -> Any:
        import tensorflow as tf

        return tf.distribute.get_replica_context().replica_id_in_sync_group

    def mean(self, tree: Tree) -> Tree:
        import tensorflow as tf

        return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, tree)


def devices(count: int | None = None) -> OneDevice:
    """``count`` devices; by default every accelerator, or the one CPU.

    Raises:
        NoSuchDevices: there are not so many.
    """
    found, accelerated = local_devices()
    if count is None:
        count = len(found) if accelerated else 1
    if not 1 <= count <= len(found):
        raise NoSuchDevices(f"{count} devices were asked for; {BACKEND} sees {len(found)} here.")
    if count == 1:
        return OneDevice()
    return JaxDevices(found[:count]) if BACKEND == "jax" else TensorFlowDevices(found[:count])


def local_devices() -> tuple[list[Any], bool]:
    """(devices of the fastest kind on this machine, whether they are accelerators)."""
    if BACKEND == "jax":
        import jax

        found = jax.local_devices()
        return found, found[0].platform != "cpu"
    import tensorflow as tf

    for kind in ("TPU", "GPU", "CPU"):
        if names := [device.name for device in tf.config.list_logical_devices(kind)]:
            return names, kind != "CPU"
    return [], False
