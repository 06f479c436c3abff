"""Quantiles of Student's t distribution, for the tests in src/analysis/student.rs.

Needs SciPy (written with 1.17.1). Prints `degrees quantile` for the two-sided 95 % interval:

    python tests/references/student.py
"""

from scipy import stats

for degrees in (1, 2, 3, 4, 5, 9, 19, 29, 49, 99, 999):
    print(degrees, f"{stats.t.ppf(0.975, degrees):.9f}")
