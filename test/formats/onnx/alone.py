"""Operators of ai.onnx.ml that the converters of models.py do not emit, each in a graph of its own."""

import numpy as np
from onnx import TensorProto, helper

F, D, I, S = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.STRING


def graph(operator, kind, columns, outputs, version=3, apart=False, **attributes):
    """A graph of one operator over one matrix, or over one column an input; outputs are name, type and columns."""
    names = [f"c{at}" for at in range(len(columns))] if apart else ["X"]
    given = [helper.make_tensor_value_info(name, kind, [None, 1 if apart else len(columns)]) for name in names]
    made = [helper.make_tensor_value_info(name, each, [None] if name == "label" else [None, width]) for name, each, width in outputs]
    node = helper.make_node(operator, names, [name for name, _, _ in outputs], domain="ai.onnx.ml", **attributes)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", version)]
    model = helper.make_model(helper.make_graph([node], operator, given, made), opset_imports=opsets, ir_version=8)
    return model, list(columns), False


def models(rows):
    words = np.array([np.resize(["red", "green", "blue", "mauve"], 240)], dtype=object)
    whole = np.array([np.resize([0, 1, 2, 7, -1], 240)])
    real = rows[:240].T
    yield "category-mapper", graph("CategoryMapper", S, words, [("Y", I, 1)], cats_int64s=[0, 1, 7], cats_strings=["red", "green", "blue"], default_int64=-5)
    yield "label-encoder-1", graph("LabelEncoder", S, words, [("Y", I, 1)], 1, classes_strings=["red", "green", "blue"], default_int64=-1)
    yield "label-encoder-2", graph("LabelEncoder", I, whole, [("Y", F, 1)], 2, keys_int64s=[0, 1, 7], values_floats=[0.5, 1.5, 7.25], default_float=-3.0)
    yield "feature-vectorizer", graph("FeatureVectorizer", D, real, [("Y", F, 5)], apart=True, inputdimensions=[1] * 5)
    yield "scaler-double", graph("Scaler", D, real, [("Y", F, 5)], offset=[0.1, 0.2, 0.3, 0.4, 0.5], scale=[1.1, 2.2, 3.3, 4.4, 5.5])
    line = [0.1, 0.2, -0.3, 0.01, 0.4, 0.3, -0.1, 0.2, 0.02, 0.1]
    for how in ("SOFTMAX", "SOFTMAX_ZERO", "LOGISTIC"):
        yield f"linear-{how.lower()}", graph("LinearRegressor", F, real, [("Y", F, 2)], 1, coefficients=line, intercepts=[0.5, -0.5], targets=2, post_transform=how)
    scores = lambda kind, width: [("label", kind, 1), ("scores", F, width)]
    yield "linear-strings", graph("LinearClassifier", F, real, scores(S, 2), 1, coefficients=line[:5], intercepts=[0.25], classlabels_strings=["no", "yes"], post_transform="LOGISTIC")
    yield "linear-integers-double", graph("LinearClassifier", D, real, scores(I, 3), 1, coefficients=list(np.arange(15) / 10 - 0.7), intercepts=[0.25, 0.0, -0.25], classlabels_ints=[3, 5, 9], post_transform="SOFTMAX")
    trees = dict(
        nodes_treeids=[0, 0, 0, 1, 1, 1, 1, 1], nodes_nodeids=[0, 1, 2, 0, 1, 2, 3, 4], nodes_featureids=[0, 0, 0, 1, 0, 2, 0, 0],
        nodes_truenodeids=[1, 0, 0, 1, 0, 3, 0, 0], nodes_falsenodeids=[2, 0, 0, 2, 0, 4, 0, 0],
        nodes_modes=["BRANCH_GT", "LEAF", "LEAF", "BRANCH_GTE", "LEAF", "BRANCH_NEQ", "LEAF", "LEAF"],
    )
    values = [0.25, 0, 0, 3.0, 0, 0.0, 0, 0]
    voting = lambda kind, ids: {f"{kind}_ids": ids, f"{kind}_nodeids": [1, 2, 1, 3, 4], f"{kind}_treeids": [0, 0, 1, 1, 1]}
    mixed = [0.6, 0.5, -0.2, 0.3, 0.05]
    classes = lambda kind, width, ids, weights, **more: graph("TreeEnsembleClassifier", F, real, scores(kind, width), 1, nodes_values=values, class_weights=weights, **trees, **voting("class", ids), **more)
    yield "ensemble-positive", classes(I, 2, [1] * 5, [0.1, 0.5, 0.2, 0.3, 0.05], classlabels_int64s=[4, 8])
    yield "ensemble-signed", classes(S, 2, [0] * 5, [-0.1, 0.5, 0.2, -0.6, 0.05], classlabels_strings=["a", "b"], post_transform="LOGISTIC")
    yield "ensemble-both", classes(I, 2, [0, 1, 1, 0, 1], mixed, classlabels_int64s=[0, 1], post_transform="SOFTMAX")
    yield "ensemble-base-one", classes(I, 2, [0] * 5, mixed, classlabels_int64s=[0, 1], post_transform="LOGISTIC", base_values=[-0.4])
    yield "ensemble-base-two", classes(I, 2, [0, 1, 1, 0, 1], mixed, classlabels_int64s=[0, 1], base_values=[0.1, 0.2])
    yield "ensemble-base-three", classes(I, 3, [0, 1, 2, 0, 1], mixed, classlabels_int64s=[7, 1, 2], post_transform="SOFTMAX", base_values=[0.1, -0.2, 0.15])
    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        yield f"ensemble-{aggregate.lower()}", graph("TreeEnsembleRegressor", F, real, [("Y", F, 2)], 3, nodes_values=values, n_targets=2, base_values=[0.5, -0.25], aggregate_function=aggregate, target_weights=mixed, **trees, **voting("target", [0, 1, 1, 0, 1]))
    tensor = lambda name, numbers: helper.make_tensor(name, D, [len(numbers)], numbers)
    yield "ensemble-double", graph("TreeEnsembleRegressor", D, real, [("Y", F, 1)], 3, nodes_values_as_tensor=tensor("v", values), n_targets=1, base_values_as_tensor=tensor("b", [0.1]), target_weights_as_tensor=tensor("w", mixed), **trees, **voting("target", [0] * 5))
    yield "dictionary", dictionary(rows)


words = ["age", "income", "size"]


def dictionary(rows):
    """A line over the numbers of a map, which onnxruntime takes one at a time."""
    vectors = helper.make_node("DictVectorizer", ["X"], ["V"], domain="ai.onnx.ml", string_vocabulary=words)
    line = helper.make_node("LinearRegressor", ["V"], ["Y"], domain="ai.onnx.ml", coefficients=[0.5, 2.0, -1.0], intercepts=[0.25], targets=1)
    given = helper.make_value_info("X", helper.make_map_type_proto(S, helper.make_tensor_type_proto(F, [])))
    made = helper.make_graph([vectors, line], "dictionary", [given], [helper.make_tensor_value_info("Y", F, [None, 1])])
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=8), list(rows[:240, :3].T), False
