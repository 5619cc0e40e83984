"""Writes drift-judges.json: what Evidently, NannyML and SciPy say of the same data. Run by hand:

python3 -m venv env && env/bin/pip install evidently==0.7.23 nannyml==0.13.1 "pandas<3" && env/bin/python make_drift_judges.py
"""

import json
import pathlib
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
from evidently.legacy.calculations.stattests import jensenshannon_stat_test, ks_stat_test, psi_stat_test
from nannyml.chunk import SizeBasedChunker
from nannyml.drift.univariate.methods import CategoricalJensenShannonDistance, KolmogorovSmirnovStatistic
from nannyml.thresholds import ConstantThreshold
from scipy import stats
from scipy.spatial import distance

random = np.random.default_rng(18)
cases = []
chunker, threshold = SizeBasedChunker(chunk_size=100), ConstantThreshold(upper=1)


def of_categories(name, reference, current):
    columns = [pd.Series(np.repeat(list("abcde"), counts), name="c") for counts in (reference, current)]
    nanny = CategoricalJensenShannonDistance(chunker=chunker, threshold=threshold, computation_params={})
    nanny.fit(columns[0])
    psi = psi_stat_test(columns[0], columns[1], "cat", 0.1)
    cases.append({
        "name": name,
        "reference": reference,
        "current": current,
        "psi": {"evidently": psi.drift_score},
        "js": {
            "evidently": jensenshannon_stat_test(columns[0], columns[1], "cat", 0.1).drift_score,
            "nannyml": float(nanny.calculate(columns[1])),
            "scipy": float(distance.jensenshannon(reference, current, base=2)),
        },
    })


of_categories("none", [300, 250, 200, 150, 100], [61, 49, 41, 30, 19])
of_categories("some", [300, 250, 200, 150, 100], [40, 49, 41, 40, 30])
of_categories("much", [300, 250, 200, 150, 100], [10, 20, 40, 60, 70])

numbers = []
for name, shift, scale in (("none", 0, 1), ("half a deviation", 0.5, 1), ("wider", 0, 2)):
    reference = np.round(random.normal(50, 10, 600), 1)
    current = np.round(random.normal(50 + 10 * shift, 10 * scale, 300), 1)
    nanny = KolmogorovSmirnovStatistic(
        chunker=chunker, threshold=threshold, computation_params={"calculation_method": "exact"}
    )
    nanny.fit(pd.Series(reference, name="x"))
    numbers.append({
        "name": name,
        "reference": reference.tolist(),
        "current": current.tolist(),
        "ks": {
            "nannyml": float(nanny.calculate(pd.Series(current, name="x"))),
            "scipy": float(stats.ks_2samp(reference, current).statistic),
        },
        "p": {
            "evidently": ks_stat_test(pd.Series(reference, name="x"), pd.Series(current, name="x"), "num", 0.05).drift_score,
            "scipy": float(stats.ks_2samp(reference, current).pvalue),
        },
    })

path = pathlib.Path(__file__).with_name("drift-judges.json")
path.write_text(json.dumps({"categories": cases, "numbers": numbers}))
