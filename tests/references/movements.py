"""Moved pictures as SciPy makes them, for `src/data/augmentation/movement.rs`.

Needs NumPy and SciPy (written with 1.17) and Python (3.11):

    python tests/references/movements.py

Pictures are sampled by `scipy.ndimage.affine_transform` with `order=1, mode="grid-constant"`, which is
bilinear up to the background. Angles are counter-clockwise, pixels go down and to the right.
"""

import numpy as np
from scipy.ndimage import affine_transform

picture = np.arange(1.0, 13.0).reshape(3, 4)
centre = (np.array(picture.shape) - 1) / 2


def rotation(degrees):
    a = np.radians(degrees)
    return np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])


def moved(matrix, shift):
    """First turned or scaled about the centre by the inverse of `matrix`, then shifted."""
    offset = centre - matrix @ (centre + np.array(shift))
    return affine_transform(picture, matrix, offset, order=1, mode="grid-constant", cval=-1.0)


for name, matrix, shift in [
    ("turned by 30°", rotation(30), (0, 0)),
    ("1.25 times as large", np.eye(2) / 1.25, (0, 0)),
    ("turned by −100°, 0.8 times as large, shifted by (0.3, −0.7)", rotation(-100) / 0.8, (0.3, -0.7)),
]:
    print(name)
    print(", ".join(repr(float(x)) for x in moved(matrix, shift).ravel()))
