"""Prints the figures of tests/data_splits.rs that come from scikit-learn. Made with scikit-learn
1.9.1 and numpy 2.

    python tests/references/splits.py
"""

import numpy as np
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
)


def grouped(n_groups, n_classes):
    """The table of `grouped` in tests/data_splits.rs: groups of 1 to 13 samples, classes that
    depend on the group."""
    groups, classes = [], []
    for group in range(n_groups):
        for k in range(1 + (group * 7) % 13):
            groups.append(group)
            classes.append((group * group + k * (group % 3)) % n_classes)
    return np.array(groups), np.array(classes)


def cost(parts, classes):
    """Sum over folds and classes of the squared difference from an equal share, by class size."""
    totals = np.bincount(classes)
    counts = [np.bincount(classes[part], minlength=len(totals)) for part in parts]
    due = totals / len(parts)
    return sum((((c - due) ** 2) / totals).sum() for c in counts)


for n, k in [(23, 4), (100, 5), (10, 9), (6, 2)]:
    print("TimeSeriesSplit", n, k)
    for train, test in TimeSeriesSplit(k).split(np.zeros(n)):
        print("   ", len(train), test[0], test[-1] + 1)

for n, k in [(23, 4), (150, 7)]:
    print("KFold", n, k, sorted(len(test) for _, test in KFold(k).split(np.zeros(n))))

classes = np.repeat([0, 1, 2], [59, 71, 48])  # those of wine
folds = [test for _, test in StratifiedKFold(5).split(classes, classes)]
print("StratifiedKFold wine 5", [sorted(np.bincount(classes[f])[c] for f in folds) for c in range(3)])

groups, classes = grouped(40, 3)
print("samples", len(groups), "classes", np.bincount(classes))
folds = [test for _, test in GroupKFold(5).split(groups, classes, groups)]
print("GroupKFold", sorted(map(len, folds)))
costs = [
    cost([t for _, t in StratifiedGroupKFold(5, shuffle=s > 0, random_state=s or None).split(groups, classes, groups)], classes)
    for s in range(10)
]
print("StratifiedGroupKFold cost", costs, "mean", np.mean(costs))
