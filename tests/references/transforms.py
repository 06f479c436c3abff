"""Computes tests/references/transforms.json: what scikit-learn makes of the penguins and the breast
cancer measurements, for tests/data_transforms.rs. Every other row is the training part.

    python tests/references/transforms.py
"""

import csv
import json
import pathlib

import numpy
import scipy.stats
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import (MinMaxScaler, OneHotEncoder, PolynomialFeatures, PowerTransformer,
                                   RobustScaler, StandardScaler)

root = pathlib.Path(__file__).resolve().parents[2]


def table(name):
    rows = list(csv.reader(open(root / "assets" / "data" / f"{name}.csv")))
    return rows[0], rows[1:]


def numbers(header, rows, names):
    columns = [header.index(name) for name in names]
    return numpy.array([[float(row[j]) if row[j] else numpy.nan for j in columns] for row in rows])


out = {"versions": {"sklearn": sklearn.__version__, "numpy": numpy.__version__,
                    "scipy": scipy.__version__}}

header, rows = table("breast_cancer")
names = ["mean area", "area error", "worst concavity", "texture error"]
X = numbers(header, rows, names)
train = X[::2]
out["names"] = names
for key, transformer in {
    "standardize": StandardScaler(),
    "min_max": MinMaxScaler((-1, 1)),
    "robust": RobustScaler(quantile_range=(10, 80)),
    "power": PowerTransformer(standardize=True),
}.items():
    made = transformer.fit(train).transform(X)
    out[key] = made[[0, 1, 2, 100, 301]].tolist()
    if key == "power":
        # scikit-learn stops its search early; the likelihood itself says where the maximum is.
        out["lambdas"] = transformer.lambdas_.tolist()
        out["likelihoods"] = [float(scipy.stats.yeojohnson_llf(l, train[:, j]))
                              for j, l in enumerate(transformer.lambdas_)]

low, high = numpy.quantile(train, [0.05, 0.9], axis=0)
out["winsorize"] = numpy.clip(X, low, high)[[0, 1, 2, 100, 301]].tolist()
q1, q3 = numpy.quantile(train, [0.25, 0.75], axis=0)
out["tukey_fences"] = numpy.clip(X, q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))[[0, 1, 2, 100, 301]].tolist()
mu, sd = train.mean(axis=0), train.std(axis=0)
out["sigma_clip"] = numpy.clip(X, mu - 2 * sd, mu + 2 * sd)[[0, 1, 2, 100, 301]].tolist()
out["log"] = (numpy.sign(X) * numpy.log1p(abs(X)))[[0, 1, 2, 100, 301]].tolist()
for key, polynomial in {
    "polynomial": PolynomialFeatures(3, include_bias=False),
    "interactions": PolynomialFeatures(3, interaction_only=True, include_bias=False),
}.items():
    out[key] = polynomial.fit(train).transform(X)[[0, 301]].tolist()

header, rows = table("penguins")
names = ["bill length in mm", "bill depth in mm", "flipper length in mm"]
X = numbers(header, rows, names)
train = X[::2]
for strategy in ["mean", "median", "most_frequent", "constant"]:
    imputer = SimpleImputer(strategy=strategy, fill_value=-1, add_indicator=True).fit(train)
    out["impute_" + strategy] = imputer.transform(X)[[0, 1, 3, 271]].tolist()

islands = numpy.array([[row[0], row[1]] for row in rows])
encoder = OneHotEncoder(max_categories=2, handle_unknown="infrequent_if_exist", sparse_output=False)
encoder.fit(islands[::2])
out["one_hot"] = encoder.transform(islands)[[0, 30, 200, 300]].tolist()

# Least squares with the species, the sex and three measurements of the birds that have them all.
complete = [row for row in rows if all(row)]
M = numbers(header, complete, names)
species = sorted({row[0] for row in complete})[1:]
dummies = numpy.array([[float(row[0] == s) for s in species] + [float(row[5] == "male")]
                       for row in complete])
y = numbers(header, complete, ["body mass in g"])[:, 0]
A = numpy.hstack([dummies, M])
model = LinearRegression().fit(A, y)
out["least_squares"] = {
    "features": [f"species = {s}" for s in species] + ["sex = male"] + names,
    "coefficients": model.coef_.tolist(),
    "intercept": float(model.intercept_),
    "predictions": model.predict(A)[:5].tolist(),
}
json.dump(out, open(root / "tests" / "references" / "transforms.json", "w"), indent=1)
