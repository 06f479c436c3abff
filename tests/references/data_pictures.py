"""Principal components and correlations of the bundled sets, for tests/data_pictures.rs.

Needs NumPy, SciPy, scikit-learn and pandas (written with the versions that it prints). Writes
data_pictures.json beside itself:

    python tests/references/data_pictures.py

Components: scikit-learn's PCA of standardised columns over all rows, each turned so that its loading
of largest magnitude is positive. Correlations: SciPy's pearsonr and spearmanr over the rows that have
both values.
"""

import json
import pathlib
import sys

import numpy
import pandas
import scipy
import sklearn
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

here = pathlib.Path(__file__).resolve().parent
sets = here.parents[1] / "assets" / "data"
found = {"versions": f"numpy {numpy.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}"}

found["components"] = {}
for name in ("iris", "breast_cancer"):
    table = pandas.read_csv(sets / f"{name}.csv")
    columns = table.iloc[:, :-1].select_dtypes("number")
    scaled = StandardScaler().fit_transform(columns.to_numpy())
    pca = PCA(svd_solver="full").fit(scaled)
    signs = [numpy.sign(row[numpy.abs(row).argmax()]) for row in pca.components_[:2]]
    scores = pca.transform(scaled)[:, :2] * signs
    found["components"][name] = {
        "columns": list(columns.columns),
        "shares": pca.explained_variance_ratio_[:2].tolist(),
        "loadings": (pca.components_[:2] * numpy.array(signs)[:, None]).tolist(),
        "scores": scores[::10].T.tolist(),
    }

found["correlations"] = {}
for name in ("wine", "penguins"):
    table = pandas.read_csv(sets / f"{name}.csv")
    columns = table.select_dtypes("number")
    entries = []
    for i, a in enumerate(columns.columns):
        for b in columns.columns[i + 1 :]:
            both = columns[[a, b]].dropna().to_numpy()
            entries.append([a, b, len(both), stats.pearsonr(*both.T).statistic, stats.spearmanr(*both.T).statistic])
    found["correlations"][name] = entries

json.dump(found, open(here / "data_pictures.json", "w"), indent=1)
print(found["versions"], file=sys.stderr)
