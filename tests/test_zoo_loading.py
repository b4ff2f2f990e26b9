"""Loading a trained network is quick and leaves the caller's random numbers alone."""

import subprocess
import sys


def test_loading_does_not_load_torchs_compiler_nor_draw_random_numbers():
    # The compiler's import takes seconds; a time would depend on the machine, this does not.
    code = (
        "import sys, torch; from course_lib import zoo\n"
        "before = torch.get_rng_state()\n"
        "judge, sampler, vae = (zoo.load(name) for name in ('judge', 'dcgan-digits', 'vae-plane'))\n"
        "assert torch.equal(before, torch.get_rng_state()), 'random numbers were drawn'\n"
        "assert not vae.training and vae(torch.zeros(2, 2)).shape == (2, 1, 28, 28)\n"
        "assert not judge.training and not sampler.generator.training\n"
        "assert sampler(2).shape == (2, 1, 28, 28)\n"
        "assert 'torch._dynamo' not in sys.modules, 'the compiler was imported'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
