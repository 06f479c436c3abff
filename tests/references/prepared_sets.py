"""Prints reference numbers of tests/data_bundled.rs: means and deviations of the bundled sets by
numpy, and the published summary of the penguins is checked against them.

    python tests/references/prepared_sets.py
"""

import csv
import pathlib

import numpy
import sklearn.datasets as datasets

print("numpy", numpy.__version__)
for name, load in [("iris", datasets.load_iris), ("wine", datasets.load_wine),
                   ("breast_cancer", datasets.load_breast_cancer), ("digits", datasets.load_digits)]:
    data = load()
    X = data.data
    counts = numpy.bincount(data.target).tolist()
    print(f'("{name}", {X.shape[0]}, {X.shape[1]}, &{counts}, {X.mean()!r}, {X.std()!r}, {X[-1].sum()!r}),')

path = pathlib.Path(__file__).resolve().parents[2] / "assets" / "data" / "penguins.csv"
rows = list(csv.reader(open(path)))[1:]
for j in (2, 3, 4, 6):
    values = numpy.array([float(row[j]) for row in rows if row[j]])
    print(j, len(values), values.mean(), values.std(ddof=1))
