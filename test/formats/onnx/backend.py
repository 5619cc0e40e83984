"""ONNX's own backend tests for the operators of the reader."""

import warnings

from container import Container
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases

warnings.filterwarnings("ignore")


def tensor(value, name):
    if isinstance(value, TensorProto):
        return value
    return numpy_helper.from_array(value, name)


def collect(known, path):
    container = Container()
    cases = []
    for case in collect_testcases(None):
        if case.kind != "node" or case.model is None or not case.data_sets:
            continue
        nodes = {(node.domain or "ai.onnx", node.op_type) for node in case.model.graph.node}
        if not all(operator in known.get(domain, []) for domain, operator in nodes):
            continue
        entry = {"name": case.name, "rtol": case.rtol, "atol": case.atol, "model": container.part(case.model.SerializeToString()), "sets": []}
        for inputs, outputs in case.data_sets:
            try:
                pair = [
                    [container.part(tensor(each, value.name).SerializeToString()) for each, value in zip(values, declared)]
                    for values, declared in ((inputs, case.model.graph.input), (outputs, case.model.graph.output))
                ]
            except Exception:  # A value that is no tensor: the test says why such a case is left out.
                pair = None
            entry["sets"].append(pair)
        cases.append(entry)
    cases.sort(key=lambda each: each["name"])
    container.write(path, cases)
    print(f"{len(cases)} backend tests, {path.stat().st_size} bytes")

