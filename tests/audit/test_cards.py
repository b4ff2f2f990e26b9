"""A card says what the records hold, no more; independent libraries read it."""

import json

import pytest
from huggingface_hub import DatasetCard, ModelCard

from course_lib import audit
from course_lib.audit import cards, materials
from course_lib.audit.checklist import POINTS
from course_lib.errors import CourseError


def test_the_hubs_library_reads_the_card_and_the_sheet(made):
    data = ModelCard(audit.card(made)).data
    assert data.model_name == "tiny" and data.license == "mit" and data.datasets == ["digits"]
    found = {one.metric_type: one.metric_value for one in data.eval_results}
    assert found == {name: round(one["value"], 4) for name, one in made.facts["measures"].items()}
    assert DatasetCard(audit.data_sheet(made)).data.pretty_name == "digits"


def test_all_sections_of_mitchell_and_gebru_are_there(made):
    card, sheet = audit.card(made), audit.data_sheet(made)
    nine = ("Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data")
    nine += ("Quantitative analyses", "Ethical considerations", "Caveats and known failures")
    assert all(cards.section(card, title) for title in nine)
    seven = ("Motivation", "Composition", "Collection process", "Preprocessing", "Uses", "Distribution", "Maintenance")
    assert all(cards.section(sheet, title) for title in seven)
    assert cards.section(card, "Nonsense") is None


def test_a_card_changes_with_each_record(made):
    text, facts = audit.card(made), json.loads(json.dumps(made.facts))
    for path, value in (
        (("recipe", "seed"), 99),
        (("data", "sha256"), "f" * 64),
        (("measures", "frechet", "high"), 12345.0),
        (("shares", "3"), 0.987),
        (("seconds",), 77.7),
        (("words", "ethics"), "another sentence"),
    ):
        changed = json.loads(json.dumps(facts))
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        assert audit.card(audit.Run(made.folder, changed)) != text, path


def test_nothing_is_made_up_where_nobody_said_anything(made):
    silent = audit.Run(made.folder, made.facts | {"words": {}, "failures": {}})
    assert audit.holes(audit.card(silent)) == 3 and audit.holes(audit.card(made)) == 0
    assert "None was found" in cards.section(audit.card(silent), "Caveats and known failures")


def test_the_bill_of_materials_is_valid_and_a_misspelt_key_is_refused(made):
    document = audit.bom(made)
    assert materials.fault(document) is None
    document["components"][0]["modelCard"]["modelParamters"] = {}
    assert "modelParamters" in materials.fault(document)


def test_each_point_of_the_checklist_can_be_missed(made):
    text = audit.card(made)
    assert all(point.met and point.evidence for point in audit.checklist(text))
    empty = audit.checklist("# a card\n\nThe best generator of all.\n")
    assert len(empty) == len(POINTS) and not any(point.met for point in empty)
    silent = audit.card(audit.Run(made.folder, made.facts | {"words": {}}))
    assert {point.name for point in audit.checklist(silent) if not point.met} == {
        "the intended use is said",
        "what it is not for is said",
        "ethics are discussed",
        "a licence is given",
    }


def test_words_about_something_else_are_refused(world, tmp_path):
    runtime, data, heldout, judge = world
    with pytest.raises(CourseError, match="'marketing' is none of the words"):
        audit.train(tmp_path, audit.Recipe(seed=3), data, heldout, judge, runtime, words={"marketing": "great"})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"generator": "Diffusion"}, "generator"),
        ({"game": {"guide": "x"}}, "setting of the game"),
        ({"generator_settings": {"depth": 3}}, "refuses its settings"),
    ],
)
def test_a_recipe_that_no_file_can_hold_is_refused(settings, words):
    with pytest.raises(CourseError, match=words):
        audit.Recipe(**settings).new_generator()


def test_a_recipe_survives_a_file(made):
    assert audit.Recipe.read(json.loads(json.dumps(made.recipe.facts()))) == made.recipe
    with pytest.raises(CourseError, match="no recipe"):
        audit.Recipe.read({"colour": "red"})


def test_a_folder_without_a_run_says_so(tmp_path):
    with pytest.raises(CourseError, match=r"has no run\.json"):
        audit.read(tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(CourseError, match="no JSON"):
        audit.read(tmp_path)
