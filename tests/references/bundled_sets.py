"""Writes the bundled sets that scikit-learn's package carries to assets/data/, and prints the
reference numbers of tests/data_bundled.rs. Made with scikit-learn 1.9.1 and numpy 2.

    python tests/references/bundled_sets.py
"""

import csv
import pathlib

import numpy
import sklearn
import sklearn.datasets as datasets

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "assets" / "data"


def shortest(value):
    return repr(int(value)) if float(value).is_integer() else repr(float(value))


def write(name, header, features, classes):
    with open(FOLDER / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row, label in zip(features, classes):
            writer.writerow([*map(shortest, row), label])
    print(name, features.shape)
    for j in (0, features.shape[1] // 2, features.shape[1] - 1):
        column = features[:, j]
        print(f"  column {j}: mean {column.mean()!r} std {column.std()!r}")


print("scikit-learn", sklearn.__version__, "numpy", numpy.__version__)

iris = datasets.load_iris()
header = [name.replace(" (cm)", " in cm") for name in iris.feature_names] + ["species"]
write("iris", header, iris.data, [iris.target_names[k] for k in iris.target])

wine = datasets.load_wine()
header = [name.replace("_", " ") for name in wine.feature_names] + ["cultivar"]
header = [name.replace("od280/od315 of diluted wines", "OD280/OD315") for name in header]
write("wine", header, wine.data, [f"cultivar {k + 1}" for k in wine.target])

cancer = datasets.load_breast_cancer()
write("breast_cancer", [*cancer.feature_names, "diagnosis"], cancer.data,
      [cancer.target_names[k] for k in cancer.target])

digits = datasets.load_digits()
header = [f"pixel {k // 8 + 1},{k % 8 + 1}".replace(",", " ") for k in range(64)] + ["digit"]
write("digits", header, digits.data, digits.target)
