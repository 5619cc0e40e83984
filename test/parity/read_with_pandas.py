"""Reads texts by pandas, and prints what it makes of them: the judge of test/parity/pandas.test.ts."""

import io
import json
import math
import sys
import warnings

import pandas as pd

warnings.simplefilter("ignore")


def plain(value):
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
    return value


found = []
for case in json.load(sys.stdin):
    try:
        table = pd.read_csv(io.StringIO(case["text"]), **case["options"])
        columns = [[plain(value) for value in table.iloc[:, i].astype(object)] for i in range(table.shape[1])]
        found.append({"names": [str(name) for name in table.columns], "columns": columns})
    except Exception as error:  # whatever pandas refuses
        found.append({"error": str(error)})
json.dump({"version": pd.__version__, "found": found}, sys.stdout)
