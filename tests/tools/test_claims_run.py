"""``course claims``: the form of claims.json, its table, and what makes an entry stale."""

import json

import pytest

from course_lib.errors import CourseError
from course_lib.learn.recorded import find_claim
from course_lib.tools import claims_run
from course_lib.tools.claims_run import claims, collect, markdown, one_sided, stale_claims, weak_claims
from course_lib.tools.execute import execute

CELL = (
    "\nfrom course_lib.learn.claims import Claims\nclaims = Claims('91.1')\n"
    "claims.at_least('the seed is at least 101', seed, 101)\n"
    "claims.over_seeds('shipped | values', {0: 1.0, 1: 0.0}, 0.5, at_least=1)\n"
    "claims.true('always', True)"
)

OTHER = {"native": {"source": "old", "profile": "full", "seeds": [1], "machine": "m", "claims": []}}


def record(statement, value, held, **more):
    return {"statement": statement, "op": ">=", "value": value, "bound": 1, "held": held, **more}


@pytest.mark.notebook
def test_the_recorded_form(sources, tmp_path, capsys):
    source = sources("91_x", CELL)
    (tmp_path / "claims.json").write_text(json.dumps({"notebooks": {"99.1": OTHER}}))
    assert stale_claims(tmp_path) == ["91_x/1_x"]
    assert claims(2, folder=tmp_path) == 1  # the first claim holds on one seed of two
    known = json.loads((tmp_path / "claims.json").read_text(encoding="utf-8"))["notebooks"]
    assert known["99.1"] == OTHER
    assert set(known["91.1"]) == {"native", "avx2"}
    for entry in known["91.1"].values():
        assert set(entry) == {"source", "profile", "seeds", "machine", "claims"}
        assert entry["seeds"] == [100, 101]
        assert entry["profile"] == "course"
        assert entry["claims"] == [
            {"statement": "the seed is at least 101", "bound": "≥ 101", "values": [100, 101], "held": 1, "n": 2},
            {
                "statement": "shipped | values",
                "bound": "≥ 0.5 on ≥ 1 of 2 seeds",
                "values": [1.0, 0.0],
                "held": 1,
                "n": 2,
                "stood": 2,
            },
            {"statement": "always", "bound": "is true", "values": [True, True], "held": 2, "n": 2},
        ]
    assert known["91.1"]["avx2"]["machine"].endswith(", imitating avx2")
    assert "✗ the seed is at least 101: held in 2 of 4 runs" in capsys.readouterr().out
    assert weak_claims(tmp_path) == ["91.1: the seed is at least 101"]
    assert stale_claims(tmp_path) == []
    before = source.read_text()
    source.write_text(before + "\n# %% [markdown]\n# prose changes no measurement\n")
    assert stale_claims(tmp_path) == []
    source.write_text(before + "\n# %%\n1\n")
    assert stale_claims(tmp_path) == ["91_x/1_x"]


@pytest.mark.notebook
def test_each_arithmetic_starts_its_kernels_with_its_variables_and_keeps_the_others(sources, tmp_path, monkeypatch):
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)  # the whole suite runs in other arithmetics, too
    cell = (
        "\nimport os\nfrom course_lib.learn.claims import Claims\nclaims = Claims('91.1')\n"
        "claims.true('another rounding', os.environ.get('ATEN_CPU_CAPABILITY') == 'avx2')"
    )
    source = sources("91_x", cell)
    assert claims(1, folder=tmp_path, arithmetics=["native"]) == 1
    assert (stale_claims(tmp_path), one_sided(tmp_path)) == ([], ["91.1"])
    assert claims(1, folder=tmp_path, arithmetics=["avx2"]) == 1  # one of two runs
    known = json.loads((tmp_path / "claims.json").read_text())["notebooks"]["91.1"]
    assert {name: entry["claims"][0]["values"] for name, entry in known.items()} == {"native": [False], "avx2": [True]}
    assert (stale_claims(tmp_path), one_sided(tmp_path)) == ([], [])
    claims(2, first_seed=7, folder=tmp_path, arithmetics=["avx2"])  # other seeds add their runs
    claims(1, folder=tmp_path, arithmetics=["avx2"])  # the same seeds on the same machine replace theirs
    known = json.loads((tmp_path / "claims.json").read_text())["notebooks"]["91.1"]
    assert {key: entry["seeds"] for key, entry in known.items()} == {"native": [100], "avx2": [100], "avx2 2": [7, 8]}
    assert find_claim("91.1", "another rounding", tmp_path).held == 3
    source.write_text(source.read_text() + "\n# %%\n1\n")  # what the other arithmetic said was of other code
    claims(1, folder=tmp_path, arithmetics=["native"])
    assert (stale_claims(tmp_path), one_sided(tmp_path)) == ([], ["91.1"])


def test_the_table():
    entry = {
        "source": "ab" * 32,
        "profile": "course",
        "seeds": [100, 101, 102],
        "machine": "a machine",
        "claims": [
            {"statement": "a | b", "bound": "≥ 0.8", "values": [0.91, 0.85, 0.7, None], "held": 2, "n": 4},
            {"statement": "c", "bound": "is true", "values": [True, False], "held": 1, "n": 2},
            {"statement": "d", "bound": "≥ 1", "values": [None], "held": 0, "n": 1},
        ],
    }
    page = markdown(
        {
            "notebooks": {
                "03.1": {"native": entry, "avx2": entry},
                "04.1": {"native": entry | {"claims": []}},
            }
        }
    )
    assert "## 03.1 the loop" in page
    assert "| a \\| b | ≥ 0.8 | 0.7 / 0.85 / 0.91 | 4 of 8 |" in page
    assert "| c | is true | true 2 times | 2 of 4 |" in page
    assert "| d | ≥ 1 | — | 0 of 2 |" in page
    assert "seeds 100 to 102" in page
    assert "No claims." in page


def test_a_statement_missing_in_a_run_did_not_hold_there():
    runs = [[record("a", 2, True)], [], [record("a", None, False, reason="NaN")]]
    assert collect(runs) == [{"statement": "a", "bound": "≥ 1", "values": [2, None, None], "held": 1, "n": 3}]


def test_against_another_target_in_each_run_the_differences_are_recorded():
    """ "= −6.68 ± 1e-08 | −7.18 / −6.68 / −5.74 | 10 of 10" reads as false."""
    close = {"op": "==", "tolerance": 1e-3}
    runs = [
        [record("a", 7.0, True) | close | {"bound": 7.0}],
        [record("a", None, False, reason="NaN") | close | {"bound": None}],
        [record("a", 5.5, False) | close | {"bound": 5.0}],
    ]
    assert collect(runs) == [
        {"statement": "a", "bound": "differs by 0 ± 0.001", "values": [0.0, None, 0.5], "held": 1, "n": 3}
    ]


@pytest.mark.parametrize(("held", "weak"), [((5, 5), False), ((5, 3), False), ((4, 4), False), ((5, 2), True)])
def test_a_claim_stands_in_four_of_five_runs(tmp_path, held, weak):
    runs = {
        one: {"seeds": [1, 2, 3, 4, 5], "claims": collect([[record("a", 1, k < n)] for k in range(5)])}
        for one, n in zip(("native", "avx2"), held, strict=True)
    }
    (tmp_path / "claims.json").write_text(json.dumps({"notebooks": {"91.1": runs}}))
    assert bool(weak_claims(tmp_path)) is weak


@pytest.mark.notebook
def test_a_notebook_that_fails_keeps_its_old_entry(sources, tmp_path, capsys):
    sources("91_bad", "\n1 / 0")
    sources("92_good", "\n1")
    (tmp_path / "claims.json").write_text(json.dumps({"notebooks": {"91.1": OTHER}}))
    assert claims(1, folder=tmp_path) == 1
    known = json.loads((tmp_path / "claims.json").read_text())["notebooks"]
    assert known["91.1"] == OTHER
    assert known["92.1"]["native"]["claims"] == []
    assert "ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.notebook
@pytest.mark.slow
def test_a_notebook_that_never_ran_to_its_end_is_not_said_to_stand(sources, tmp_path, capsys):
    sources("91_bad", "\n1 / 0")
    assert claims(1, folder=tmp_path, arithmetics=["native"]) == 1
    assert "✓" not in capsys.readouterr().out


@pytest.mark.notebook
def test_an_edit_while_it_runs_does_not_pass_for_what_ran(sources, tmp_path, monkeypatch):
    source = sources("91_x", CELL)
    ran = claims_run.code_sha("91_x/1_x")

    def edited(jobs, *args):
        execute(jobs)
        source.write_text(source.read_text().replace("1", "2"))

    monkeypatch.setattr(claims_run, "execute", edited)
    claims(1, folder=tmp_path, arithmetics=["native"])
    entry = json.loads((tmp_path / "claims.json").read_text())["notebooks"]["91.1"]["native"]
    assert entry["source"] == ran != claims_run.code_sha("91_x/1_x")


def test_what_another_call_writes_meanwhile_stays(sources, tmp_path, monkeypatch):
    sources("91_x", CELL)

    def slowly(name, seeds, profile, arithmetic, workers):
        (tmp_path / "claims.json").write_text(json.dumps({"notebooks": {"99.1": OTHER, "91.1": {"avx2": entry}}}))
        return entry, []

    entry = {"source": "s", "profile": "course", "seeds": [100], "machine": "m", "claims": []}
    monkeypatch.setattr("course_lib.tools.claims_run._measure", slowly)
    assert claims(1, folder=tmp_path, arithmetics=["native"]) == 0
    known = json.loads((tmp_path / "claims.json").read_text())["notebooks"]
    assert (known["99.1"], set(known["91.1"])) == (OTHER, {"avx2", "native"})


@pytest.mark.parametrize(
    "settings",
    [
        {"seeds": 0},
        {"seeds": True},
        {"seeds": "5"},
        {"seeds": 1, "profile": "fast"},
        {"seeds": 1, "names": ["55"]},
        {"seeds": 1, "first_seed": -3},
        {"seeds": 1, "arithmetics": ["avx1024"]},
    ],
)
def test_refused(sources, tmp_path, settings):
    sources("91_x", "\n1")
    with pytest.raises(CourseError):
        claims(folder=tmp_path, **settings)
    assert not (tmp_path / "claims.json").exists()


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"notebooks": 3}', '{"notebooks": {"03": {"seeds": 3}}}'])
def test_a_damaged_file_is_not_overwritten(sources, tmp_path, text):
    sources("91_x", "\n1")
    (tmp_path / "claims.json").write_text(text)
    with pytest.raises(CourseError, match="damaged"):
        claims(1, folder=tmp_path)
    assert (tmp_path / "claims.json").read_text() == text


def test_the_committed_claims_are_those_of_the_notebooks_as_they_are():
    assert stale_claims() == [], "run `make claims`"


def test_every_notebook_was_recorded_in_two_arithmetics():
    assert one_sided() == []


def test_every_recorded_claim_stands():
    assert weak_claims() == []


@pytest.mark.notebook
def test_on_a_cluster_it_measures_the_same_and_is_not_run_twice(tmp_path, capsys):
    for place, where in (("here", None), ("spread", "local"), ("again", "local")):
        (tmp_path / place).mkdir()
        claims(2, ["00.1"], profile="smoke", folder=tmp_path / place, arithmetics=["native"], cluster=where)
    texts = [(tmp_path / place / "claims.json").read_text() for place in ("here", "spread", "again")]
    assert texts[0] == texts[1] == texts[2]
    assert capsys.readouterr().out.count("of 2 tasks to do") <= 1  # none where an earlier test run left them
