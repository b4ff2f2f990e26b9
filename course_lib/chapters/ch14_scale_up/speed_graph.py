"""A training step as a CUDA graph: its calls are recorded once, and then replayed by one."""

from collections.abc import Callable

import torch

from course_lib.data import ImageData
from course_lib.errors import CourseError
from course_lib.runtime import Runtime
from course_lib.training import Batch, Game
from course_lib.training.settings import latent_size


def graphed(game: Game, data: ImageData, runtime: Runtime) -> Callable[[], None]:
    """The same step recorded once as a CUDA graph and replayed: the processor no longer launches each kernel.

    Latents are drawn on the GPU here, because a graph cannot wait for the CPU's generator.

    Args:
        game: that was not stepped yet.
        data: on the GPU.
        runtime: a CUDA device, float32 or bf16.

    Returns:
        A function that trains one step.

    Raises:
        CourseError: for another device, or fp16.
    """
    if runtime.device.type != "cuda" or runtime.precision == "fp16":
        raise CourseError("a CUDA graph needs a CUDA device, and float32 or bf16: fp16's scaling looks at numbers.")
    batches = data.stream(game.batch, runtime)
    for optimiser in (game.optimiser_g, game.optimiser_d):
        for group in optimiser.param_groups:
            group["capturable"] = True
    for _ in game.steps(data, 1, runtime):  # moves everything to the device and makes Adam's state there
        pass
    real = next(batches)[0].clone()
    z = torch.randn(game.batch, latent_size(game.generator), device=runtime.device)
    step_number = game.step_number

    def compute() -> None:
        with runtime.autocast():
            fake = game.generator(z).float()
        game.d_step(Batch(real, fake.detach(), z, autocast=runtime.autocast))
        game.g_step(Batch(real, fake, z, autocast=runtime.autocast))
        game.ema.update(game.generator, step_number)

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):  # CUDA wants a few runs before it records
        for _ in range(3):
            compute()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    for optimiser in (game.optimiser_g, game.optimiser_d):
        optimiser.zero_grad(set_to_none=True)  # so that gradients live in the graph's memory
    with torch.cuda.graph(graph):
        compute()

    def step() -> None:
        real.copy_(next(batches)[0])
        z.normal_()
        graph.replay()

    return step
