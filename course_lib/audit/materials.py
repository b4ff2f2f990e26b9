"""A bill of materials that machines read: the run as a CycloneDX ML-BOM, checked against the standard's own schema."""

import json
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from course_lib.audit.run import Run


def bom(run: Run) -> dict[str, Any]:
    """The run as a CycloneDX 1.6 document: the model with its card, the data set, the library.

    Args:
        run: read or just trained.

    Returns:
        JSON as a dict. (The library's classes have no model card, and drop one that they read: so it is written by
        hand, and checked by the schema.)
    """
    facts, recipe, data = run.facts, run.facts["recipe"], run.facts["data"]
    measures = [
        {
            "type": name,
            "value": f"{one['value']:.6g}",
            "slice": f"{data['name']}, held out",
            "confidenceInterval": {"lowerBound": f"{one['low']:.6g}", "upperBound": f"{one['high']:.6g}"},
        }
        for name, one in facts["measures"].items()
    ]
    considerations = {
        "useCases": [facts["words"].get("intended use", "not said")],
        "technicalLimitations": list(facts["failures"].values()),
        "environmentalConsiderations": {
            "properties": [{"name": "watt hours", "value": str(facts["energy"]["watt hours"])}]
        },
    }
    model = {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "name": facts["name"],
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in facts["files"].values()],
        "modelCard": {
            "modelParameters": {
                "approach": {"type": "unsupervised"},
                "task": "unconditional image generation",
                "architectureFamily": "GAN",
                "modelArchitecture": recipe["generator"],
                "datasets": [{"ref": "data"}],
            },
            "quantitativeAnalysis": {"performanceMetrics": measures},
            "considerations": considerations,
        },
        "properties": [
            {"name": "seed", "value": str(recipe["seed"])},
            {"name": "steps", "value": str(recipe["steps"])},
            {
                "name": "confidenceInterval",
                "value": "lowest and highest draw of samples: the format has no other place",
            },
        ],
    }
    dataset = {
        "type": "data",
        "bom-ref": "data",
        "name": data["name"],
        "data": [
            {"type": "dataset", "contents": {"properties": [{"name": "pictures", "value": str(data["pictures"])}]}}
        ],
        "hashes": [{"alg": "SHA-256", "content": data["sha256"]}],
        "licenses": [{"license": {"name": data["licence"]}}],
    }
    library = {"type": "library", "bom-ref": "code", "name": "course_lib", "version": facts["code"]["course"]}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [model, dataset, library]}


def fault(document: dict[str, Any]) -> str | None:
    """What the standard's schema says against a document, in its first line; None for a valid one.

    Args:
        document: as :func:`bom` makes it.
    """
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document))
    return (
        None if found is None else str(found.data.message if hasattr(found.data, "message") else found).splitlines()[0]
    )
