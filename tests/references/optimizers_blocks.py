"""Trajectories of optimizers that treat each block of parameters by itself, in f64, for
tests/optimizers_against_pytorch.rs.

Needs Optax (written with 0.2.8, on JAX 0.10.2) and Python (3.11). From the project's folder:

    python tests/references/optimizers_blocks.py > tests/references/optimizers_blocks.csv

The parameters are a weight matrix of 2 x 3, which starts at 0.5, 0.3, 0.1, ..., and a bias of 3,
which starts at zero. Parameter i (from 0, the matrix row by row and then the bias) has the gradient
(1 + i / 4) (p - a), where a is (i mod 3) - 1 + i / 10. Kept are all nine after some of 200 steps.
"""

import sys

import jax
import numpy as np
import optax

from optimizers import KEPT

jax.config.update("jax_enable_x64", True)

INDICES = np.arange(9)
TARGETS = INDICES % 3 - 1 + INDICES / 10
STIFFNESS = 1 + INDICES / 4

OPTIMIZERS = [
    ("Lamb(learning_rate: 0.01)", lambda: optax.lamb(0.01)),
    (
        "Lamb(learning_rate: 0.004, beta1: 0.8, beta2: 0.95, epsilon: 0.01, weight_decay: 0.1)",
        lambda: optax.lamb(0.004, b1=0.8, b2=0.95, eps=0.01, weight_decay=0.1),
    ),
    ("Lars()", lambda: optax.lars(1.0)),
    (
        "Lars(learning_rate: 0.3, momentum: 0.7, trust_coefficient: 0.01, epsilon: 0.5, "
        "weight_decay: 0.1, nesterov: true)",
        lambda: optax.lars(
            0.3, weight_decay=0.1, trust_coefficient=0.01, eps=0.5, momentum=0.7, nesterov=True
        ),
    ),
]


def main():
    versions = f"Optax {optax.__version__}, JAX {jax.__version__}, NumPy {np.__version__}"
    print(f"# {versions}, f64, Python {sys.version.split()[0]}")
    print("optimizer;step;" + ";".join(f"p{i}" for i in INDICES))
    for settings, make in OPTIMIZERS:
        transform = make()
        update = jax.jit(transform.update)
        params = {"weight": (0.5 - 0.2 * np.arange(6)).reshape(2, 3), "bias": np.zeros(3)}
        state = transform.init(params)
        for step in range(1, max(KEPT) + 1):
            flat = np.concatenate([params["weight"].ravel(), params["bias"]])
            slope = STIFFNESS * (flat - TARGETS)
            gradient = {"weight": slope[:6].reshape(2, 3), "bias": slope[6:]}
            updates, state = update(gradient, state, params)
            params = jax.tree.map(lambda p, u: p + np.asarray(u), params, updates)
            if step in KEPT:
                flat = np.concatenate([params["weight"].ravel(), params["bias"]])
                print(f"{settings};{step};" + ";".join(f"{x:.17g}" for x in flat))


if __name__ == "__main__":
    main()
