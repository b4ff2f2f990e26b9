"""Figures, live views and widgets. All of them carry alternative text."""

from course_lib.chapters.ch05_vae.betas import beta_slider
from course_lib.chapters.ch03_train_a_gan.clinic import clinic
from course_lib.show.clouds import clouds, dots
from course_lib.chapters.ch00_start_here.explorer import latent_explorer
from course_lib.show.figures import attributions, bars, compare, curves, lines, samples
from course_lib.chapters.ch08_explain_the_discriminator.film import film
from course_lib.chapters.ch09_steer_the_generator.knobs import latent_knobs
from course_lib.show.picture import Picture
from course_lib.chapters.ch05_vae.plane import latent_plane
from course_lib.chapters.ch04_mode_collapse.playground import playground
from course_lib.show.watching import History, live

__all__ = [
    "History",
    "Picture",
    "attributions",
    "bars",
    "beta_slider",
    "clinic",
    "clouds",
    "compare",
    "curves",
    "dots",
    "film",
    "latent_explorer",
    "latent_knobs",
    "latent_plane",
    "lines",
    "live",
    "playground",
    "samples",
]
