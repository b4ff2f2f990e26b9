"""A run's model card and its data sheet, written from the records: a number is typed by nobody.

The model card has the nine sections of Mitchell and others (2019), the data sheet those of Gebru and others (2021).
Both are Markdown whose head the model hub's own library reads (``huggingface_hub.ModelCard``).
"""

from collections.abc import Mapping
from typing import Any

from huggingface_hub import DatasetCardData, EvalResult, ModelCard, ModelCardData

from course_lib.audit.run import Run

UNSAID = "*Not said.*"
READ = {
    "frechet": "Fréchet distance to held-out pictures, in the features of the course's judge; smaller is better",
    "precision": "share of samples near real pictures (k = 5)",
    "coverage": "share of held-out pictures with a sample nearby (k = 5)",
    "confidence": "the judge's mean highest probability",
    "entropy": "of the classes that the judge reads; 1: all equally often",
    "copying": "0.5: no nearer to training pictures than new ones are; less: farther; 1: copies",
}


def card(run: Run) -> str:
    """The model card of a run.

    Args:
        run: read or just trained.

    Returns:
        Markdown with a YAML head.
    """
    facts, words = run.facts, run.facts["words"]
    recipe, data = facts["recipe"], facts["data"]
    sections = {
        "Model details": _rows(
            {
                "generator": f"{recipe['generator']} {recipe['generator_settings']}",
                "trained against": f"{recipe['discriminator']} {recipe['discriminator_settings']}",
                "game": str(recipe["game"]),
                "steps, seed": f"{recipe['steps']:,}, {recipe['seed']}",
                "made": facts["day"],
                "on": facts["environment"],
                "code": f"course_lib {facts['code']['course']}, SHA-256 {facts['code']['sha256'][:16]}…",
                "took": f"{facts['seconds']} s; {_energy(facts['energy'])}",
                **{f"file {name}": f"SHA-256 {digest}" for name, digest in facts["files"].items()},
            }
        ),
        "Intended use": f"{words.get('intended use', UNSAID)}\n\n**Out of scope:** {words.get('out of scope', UNSAID)}",
        "Factors": "The class of a sample, as the judge reads it. No other group was recorded.",
        "Metrics": _rows({name: READ.get(name, UNSAID) for name in facts["measures"]}),
        "Evaluation data": _data(data["held out"]),
        "Training data": _data(data),
        "Quantitative analyses": "\n\n".join([_measures(facts["measures"]), _shares(facts["shares"])]),
        "Ethical considerations": words.get("ethics", UNSAID),
        "Caveats and known failures": "\n".join(f"- {said}" for said in facts["failures"].values())
        or "None was found by the course's thresholds.",
    }
    head = ModelCardData(
        model_name=facts["name"],
        license=words.get("licence"),
        tags=["image-generation", "gan"],
        datasets=[data["name"]],
        eval_results=[_result(name, one, data) for name, one in facts["measures"].items()],
    )
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"---\n{head.to_yaml()}\n---\n\n# {facts['name']}\n\n{body}\n"


def data_sheet(run: Run) -> str:
    """The data sheet of a run's training data: what the records hold; what they do not is said to be unsaid.

    Args:
        run: read or just trained.

    Returns:
        Markdown with a YAML head.
    """
    data = run.facts["data"]
    counts = list(data["classes"].values())
    sections = {
        "Motivation": UNSAID,
        "Composition": f"{_data(data)}\n\nClasses: {_pairs(data['classes'])} (From {min(counts)} to {max(counts)}.)",
        "Collection process": data["source"],
        "Preprocessing": f"float32 in [−1, 1], shape {data['shape']}. SHA-256 as loaded: {data['sha256']}",
        "Uses": f"Training of {run.facts['name']}.",
        "Distribution": data["licence"],
        "Maintenance": UNSAID,
    }
    head = DatasetCardData(pretty_name=data["name"], task_categories=["unconditional-image-generation"])
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"---\n{head.to_yaml()}\n---\n\n# {data['name']}\n\n{body}\n"


def numbers(text: str) -> dict[str, float]:
    """The measures that a card's head claims, read by the hub's library.

    Args:
        text: of a model card.

    Returns:
        Name of a measure → its value; empty for a card without any.
    """
    found = getattr(ModelCard(text, ignore_metadata_errors=True).data, "eval_results", None) or []
    return {result.metric_type: float(result.metric_value) for result in found}


def section(text: str, title: str) -> str | None:
    """What stands under a heading of a card; None where there is no such heading.

    Args:
        text: of the card.
        title: of the section.
    """
    parts = text.split(f"\n## {title}\n")
    return parts[1].split("\n## ")[0].strip() if len(parts) > 1 else None


def _result(name: str, one: Mapping[str, float], data: Mapping[str, Any]) -> EvalResult:
    return EvalResult(
        task_type="unconditional-image-generation",
        dataset_type=data["name"],
        dataset_name=f"{data['name']}, held out",
        metric_type=name,
        metric_name=READ.get(name, name),
        metric_value=round(one["value"], 4),
    )


def _rows(rows: Mapping[str, str]) -> str:
    return "\n".join(f"- **{name}:** {text}" for name, text in rows.items())


def _data(facts: Mapping[str, Any]) -> str:
    return (
        f"{facts['name']}, {facts['split']}: {facts['pictures']:,} pictures of shape {facts['shape']}. "
        f"{facts['source']}. Licence: {facts['licence']}. SHA-256 {facts['sha256']}"
    )


def _measures(measures: Mapping[str, Mapping[str, float]]) -> str:
    lines = [
        f"| {name} | {one['value']:.4g} | {one['low']:.4g} to {one['high']:.4g} |" for name, one in measures.items()
    ]
    some = next(iter(measures.values()), {"draws": 0, "samples": 0})
    note = f"Means of {some['draws']} draws of {some['samples']:,} samples, and the lowest and highest draw."
    return "\n".join(["| measure | value | range |", "| --- | --- | --- |", *lines, "", note])


def _shares(shares: Mapping[str, float]) -> str:
    return "Share of samples that the judge reads as each class: " + _pairs({k: f"{v:.1%}" for k, v in shares.items()})


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in values.items()) + "."


def _energy(energy: Mapping[str, list[float]]) -> str:
    (low, high), (least, most) = energy["watt hours"], energy["assumed watts"]
    return f"{low} to {high} Wh, if a core draws {least} to {most} W (estimated; no meter was read)"
