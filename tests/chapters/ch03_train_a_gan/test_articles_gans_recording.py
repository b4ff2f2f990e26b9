"""The script behind A1's and A2's GANs: what it records is what lessons 03.2 and 03.3 read."""

import pytest

from course_lib.chapters.ch03_train_a_gan.figures import recorded_reports, unpacked
from course_lib.files import recorded


def test_a_tiny_recording_has_what_the_lessons_read(record_tiny, shipped_like):
    _, told, content = record_tiny("articles-gans", steps={"A1": 3, "A2": 2})
    assert len(told) == 2
    shipped = shipped_like("articles-gans", content)
    for article, steps in (("A1", 3), ("A2", 2)):
        run, its = content["runs"][article], shipped["runs"][article]
        assert run.keys() == its.keys() and run["reports"]["1"].keys() == its["reports"]["100"].keys()
        assert run["curves"]["step"] == list(range(1, steps + 1)) and run["curves"].keys() == its["curves"].keys()
        assert list(run["samples"]) == [str(steps)] and sum(run["reports"]["1"]["counts"]) == 4000


@pytest.mark.parametrize(("article", "steps"), [("A1", "2400"), ("A2", "900")])
def test_what_ships_has_five_seeds_and_sixteen_pictures(article, steps):
    reports = recorded_reports(article)
    assert len(reports) == 5 and all(report.n == 4000 and report.frechet > 1 for report in reports.values())
    pictures = unpacked(recorded("articles-gans")["runs"][article]["samples"][steps])
    assert pictures.shape == (16, 1, 28, 28) and -1 <= pictures.min() < -0.5 < 0.5 < pictures.max() <= 1
