# The iris tree as a service of BentoML.
import os
from typing import Annotated

import bentoml
import joblib
from annotated_types import Ge

Centimetres = Annotated[float, Ge(0)]


@bentoml.service(workers=int(os.environ["PROCESSES"]), logging={"access": {"enabled": False}})
class Iris:
    def __init__(self):
        self.tree = joblib.load(os.environ["IRIS_MODEL"])

    @bentoml.api(route="/varieties")
    def varieties(
        self, sepal_length: Centimetres, sepal_width: Centimetres, petal_length: Centimetres, petal_width: Centimetres
    ) -> dict:
        [variety] = self.tree.predict([[sepal_length, sepal_width, petal_length, petal_width]])
        return {"iris_variety": variety}
