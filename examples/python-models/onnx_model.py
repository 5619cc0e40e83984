import numpy
import onnxruntime
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier

from files import data, write

train, test, train_labels, test_labels = data()
model = RandomForestClassifier(n_estimators=20, max_depth=6, random_state=0).fit(train, train_labels)
# ONNX computes in float32: what onnxruntime predicts is the proof, not what scikit-learn predicts in float64.
rows = test.to_numpy().astype(numpy.float32)
onnx = to_onnx(model, rows[:1], options={"zipmap": False})
with open("model.onnx", "wb") as file:
    file.write(onnx.SerializeToString())
# With several threads, sums depend on how many rows there are.
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
labels, probabilities = onnxruntime.InferenceSession(onnx.SerializeToString(), options).run(None, {"X": rows})
features = "[" + ", ".join(test.columns) + "]"
write("model.onnx", test.astype(numpy.float32), test_labels, labels, probabilities, more=f", features: {features}")
