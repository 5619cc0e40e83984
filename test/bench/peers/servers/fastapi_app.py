# The iris tree behind FastAPI: the same parameters, checked, and the same answer.
import os
from typing import Annotated, Literal

import joblib
from fastapi import FastAPI, Query
from pydantic import BaseModel

tree = joblib.load(os.environ["IRIS_MODEL"])
app = FastAPI()


class Prediction(BaseModel):
    iris_variety: Literal["Setosa", "Versicolor", "Virginica"]


@app.get("/iris/v0/varieties")
async def varieties(
    sepal_length: Annotated[float, Query(alias="sepal.length", ge=0)],
    sepal_width: Annotated[float, Query(alias="sepal.width", ge=0)],
    petal_length: Annotated[float, Query(alias="petal.length", ge=0)],
    petal_width: Annotated[float, Query(alias="petal.width", ge=0)],
) -> Prediction:
    [variety] = tree.predict([[sepal_length, sepal_width, petal_length, petal_width]])
    return Prediction(iris_variety=variety)
