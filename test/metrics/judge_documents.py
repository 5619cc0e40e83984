"""Reads a model card with huggingface_hub and a bill of materials with CycloneDX's own validator; prints what it found."""

import json
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from huggingface_hub import ModelCard

card_file, bom_file = sys.argv[1:]
with open(card_file, encoding="utf-8") as file:
    card = ModelCard(file.read(), ignore_metadata_errors=False)
with open(bom_file, encoding="utf-8") as file:
    text = file.read()
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
bom = Bom.from_json(json.loads(text))
results = [
    {key: getattr(one, key) for key in ("task_type", "dataset_name", "dataset_type", "metric_type", "metric_value")}
    for one in card.data.eval_results or []
]
json.dump(
    {
        "card": {**card.data.to_dict(), "model-index": None},
        "text": card.text,
        "results": results,
        "error": error and str(error),
        "components": [[one.type.value, one.name, str(one.purl) if one.purl else None] for one in bom.components],
        "component": [bom.metadata.component.type.value, bom.metadata.component.name, bom.metadata.component.version],
        "serial": str(bom.serial_number),
    },
    sys.stdout,
)
