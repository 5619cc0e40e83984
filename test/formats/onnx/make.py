"""Converts models of scikit-learn, XGBoost and LightGBM to ONNX, and writes them with what onnxruntime answers.

Also writes ONNX's own backend tests for the operators that the reader has.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import onnxruntime

import backend
from alone import words
from container import Container
from models import models

warnings.filterwarnings("ignore")
out = Path(sys.argv[sys.argv.index("--out") + 1])


def session(model, optimised=True):
    options = onnxruntime.SessionOptions()
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # One thread: sums of trees have the order of the trees.
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def feeds(inputs, columns):
    """Columns of rows as the inputs of a graph: matrices, or one column each."""
    if inputs[0].type.startswith("map"):
        return {inputs[0].name: {word: float(column[0]) for word, column in zip(words, columns) if column[0] != 0}}
    at = 0
    made = {}
    for value in inputs:
        kind = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(string)": object, "tensor(bool)": bool}[value.type]
        width = value.shape[1] if len(value.shape) > 1 else 1
        block = [np.asarray(column, dtype=kind) for column in columns[at : at + width]]
        made[value.name] = np.stack(block, axis=1) if len(value.shape) > 1 else block[0]
        at += width
    assert at == len(columns), (at, len(columns))
    return made


def answers(model, columns, optimised=True, alone=False):
    """What onnxruntime answers: labels, if there are any, and the numbers of each row."""
    run = session(model, optimised)
    with np.errstate(all="ignore"):
        alone = alone or run.get_inputs()[0].type.startswith("map")
        parts = [[column[row : row + 1] for column in columns] for row in range(len(columns[0]))] if alone else [columns]
        found = [run.run(None, feeds(run.get_inputs(), part)) for part in parts]
    outputs = [sum(each, []) if isinstance(each[0], list) else np.concatenate([part.reshape(len(columns[0]) // len(found), -1) for part in each]) for each in zip(*found)]
    labels = None
    first = outputs[0]
    if not isinstance(first, list) and first.dtype.kind in "iUOb":
        labels = [value.item() if hasattr(value, "item") else value for value in first.reshape(-1)]
        outputs = outputs[1:]
    numbers = []
    for output in outputs:
        if isinstance(output, list):
            output = np.array([[row[key] for key in sorted(row)] for row in output], dtype=np.float32)
        numbers.append(output.reshape(len(columns[0]), -1).astype(np.float64))
        if labels is not None:
            break
    return labels, np.concatenate(numbers, axis=1) if numbers else np.zeros((len(columns[0]), 0))


def noise(model, columns, numbers):
    """How far onnxruntime is from itself: rows one by one, and without optimisations."""
    worst = 0.0
    for other in (answers(model, columns, alone=True)[1], answers(model, columns, optimised=False)[1]):
        with np.errstate(all="ignore"):
            apart = np.abs(other - numbers) / np.maximum(1, np.abs(numbers))
        worst = max(worst, float(np.nan_to_num(apart, nan=0.0, posinf=0.0).max(initial=0.0)))
    return worst


container = Container()
entries = []
for name, made in models():
    model, columns, nan = made
    raw = model.SerializeToString()
    labels, numbers = answers(raw, columns)
    packed = [
        {"numbers": container.part(np.asarray(column, dtype=np.float64).tobytes())}
        if np.asarray(column).dtype.kind in "fi"
        else {"values": [value.item() if hasattr(value, "item") else value for value in column]}
        for column in columns
    ]
    kind = np.float32 if np.array_equal(numbers.astype(np.float32).astype(np.float64), numbers, equal_nan=True) else np.float64
    entries.append(
        {
            "name": name,
            "model": container.part(raw),
            "columns": packed,
            "labels": labels,
            "width": numbers.shape[1],
            "single": kind is np.float32,
            "numbers": container.part(numbers.astype(kind).tobytes()),
            "missing": nan,
            "noise": noise(raw, columns, numbers),
        }
    )
out.mkdir(parents=True, exist_ok=True)
container.write(out / "models.bin.gz", entries)
print(f"{len(entries)} models, {(out / 'models.bin.gz').stat().st_size} bytes")
backend.collect(json.loads((Path(__file__).parent / "operators.json").read_text()), out / "backend.bin.gz")
