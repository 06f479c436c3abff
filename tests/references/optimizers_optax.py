"""Trajectories of optimizers that PyTorch does not have, in f64, for
src/verification/optimizers.rs.

Needs Optax (written with 0.2.8, on JAX 0.10.2), PyTorch (for the surfaces in optimizers.py) and
Python (3.11). From the project's folder:

    python tests/references/optimizers_optax.py > tests/references/optimizers_optax.csv

As in optimizers.py, on gradients by JAX's automatic differentiation. Where no library has the
optimizer, or has another one under its name, the steps are written out here from the paper, with
NumPy: Adan (Optax weighs the differences of gradients by 1 - b2 where paper and authors have b2),
AdaMomentum and SWATS.
"""

import sys

import jax
import numpy as np
import optax

from optimizers import KEPT, SURFACES

jax.config.update("jax_enable_x64", True)


class Optax:
    """An optimizer of Optax as a function from point and gradient to the next point."""

    def __init__(self, make):
        self.transform = make
        self.state = None
        self.update = jax.jit(make.update)

    def __call__(self, point, gradient):
        if self.state is None:
            self.state = self.transform.init(point)
        updates, self.state = self.update(gradient, self.state, point)
        return point + np.asarray(updates)


class Adan:
    """Algorithm 1 of the paper with its betas as one minus these, corrected for the start."""

    def __init__(self, rate=0.001, betas=(0.98, 0.92, 0.99), epsilon=1e-8, decay=0.0):
        self.rate, self.betas, self.epsilon, self.decay = rate, betas, epsilon, decay
        self.gradients, self.m, self.v, self.n = [], 0.0, 0.0, 0.0

    def __call__(self, point, gradient):
        self.gradients.append(gradient)
        last = self.gradients[-2] if len(self.gradients) > 1 else gradient
        change = gradient - last
        b1, b2, b3 = self.betas
        self.m = (1 - b1) * gradient + b1 * self.m
        self.v = (1 - b2) * change + b2 * self.v
        self.n = (1 - b3) * (gradient + b2 * change) ** 2 + b3 * self.n
        t = len(self.gradients)
        m, v, n = (x / (1 - b**t) for x, b in zip((self.m, self.v, self.n), self.betas))
        rates = self.rate / (np.sqrt(n) + self.epsilon)
        return (point - rates * (m + b2 * v)) / (1 + self.decay * self.rate)


class AdaMomentum:
    """Algorithm 1 of the paper."""

    def __init__(self, rate=0.001, betas=(0.9, 0.999), epsilon=1e-8):
        self.rate, self.betas, self.epsilon = rate, betas, epsilon
        self.t, self.m, self.v = 0, 0.0, 0.0

    def __call__(self, point, gradient):
        b1, b2 = self.betas
        self.t += 1
        self.m = b1 * self.m + (1 - b1) * gradient
        self.v = b2 * self.v + (1 - b2) * self.m**2 + self.epsilon
        m, v = self.m / (1 - b1**self.t), self.v / (1 - b2**self.t)
        return point - self.rate * m / np.sqrt(v)


class Swats:
    """Algorithm 1 of the paper; where it is given a tolerance, with that for the switch."""

    def __init__(self, rate=0.001, betas=(0.9, 0.999), epsilon=1e-9, tolerance=1e-9):
        self.rate, self.betas, self.epsilon, self.tolerance = rate, betas, epsilon, tolerance
        self.k, self.m, self.a, self.average, self.sgd_rate = 0, 0.0, 0.0, 0.0, None
        self.momentum = 0.0

    def __call__(self, point, gradient):
        b1, b2 = self.betas
        self.k += 1
        if self.sgd_rate is not None:
            self.momentum = b1 * self.momentum + gradient
            return point - (1 - b1) * self.sgd_rate * self.momentum
        self.m = b1 * self.m + (1 - b1) * gradient
        self.a = b2 * self.a + (1 - b2) * gradient**2
        correction = np.sqrt(1 - b2**self.k) / (1 - b1**self.k)
        step = -self.rate * correction * self.m / (np.sqrt(self.a) + self.epsilon)
        if step @ gradient != 0:
            estimate = (step @ step) / -(step @ gradient)
            self.average = b2 * self.average + (1 - b2) * estimate
            settled = self.average / (1 - b2**self.k)
            # The paper does not ask for a rate above zero.
            if self.k > 1 and abs(settled - estimate) < self.tolerance and settled > 0:
                self.sgd_rate = settled
        return point + step


# Settings as in a study file; the optimizer with the same. Rates of those that step by signs are
# uneven numbers, so that no gradient becomes zero but for rounding. Those of LAMB and LARS are small
# enough to stay away from minima, around which their steps, as long as ever, double all rounding.
OPTIMIZERS = [
    ("AdaBelief()", lambda: Optax(optax.adabelief(0.001))),
    (
        "AdaBelief(learning_rate: 0.03, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, epsilon_root: 1e-8)",
        lambda: Optax(optax.adabelief(0.03, b1=0.8, b2=0.99, eps=1e-6, eps_root=1e-8)),
    ),
    ("Yogi()", lambda: Optax(optax.yogi(0.01))),
    (
        "Yogi(learning_rate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 0.01, initial_accumulator: 0.1)",
        lambda: Optax(
            optax.chain(
                optax.scale_by_yogi(b1=0.8, b2=0.95, eps=0.01, initial_accumulator_value=0.1),
                optax.scale_by_learning_rate(0.05),
            )
        ),
    ),
    ("Lion()", lambda: Optax(optax.lion(0.0001))),
    (
        "Lion(learning_rate: 0.01337, beta1: 0.8, beta2: 0.95, weight_decay: 0.1)",
        lambda: Optax(optax.lion(0.01337, b1=0.8, b2=0.95, weight_decay=0.1)),
    ),
    ("SignDescent(learning_rate: 0.0013)", lambda: Optax(optax.sign_sgd(0.0013))),
    ("SignDescent(learning_rate: 0.01337)", lambda: Optax(optax.sign_sgd(0.01337))),
    ("Adan()", Adan),
    (
        "Adan(learning_rate: 0.02, beta1: 0.9, beta2: 0.8, beta3: 0.95, epsilon: 1e-5, "
        "weight_decay: 0.1)",
        lambda: Adan(0.02, (0.9, 0.8, 0.95), 1e-5, 0.1),
    ),
    ("AdaMomentum()", AdaMomentum),
    (
        "AdaMomentum(learning_rate: 0.004, beta1: 0.8, beta2: 0.95, epsilon: 1e-5)",
        lambda: AdaMomentum(0.004, (0.8, 0.95), 1e-5),
    ),
    ("Lamb()", lambda: Optax(optax.lamb(0.001))),
    (
        "Lamb(learning_rate: 0.003, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, epsilon_root: 1e-4, "
        "weight_decay: 0.1)",
        lambda: Optax(
            optax.lamb(0.003, b1=0.8, b2=0.95, eps=1e-3, eps_root=1e-4, weight_decay=0.1)
        ),
    ),
    ("Lars(learning_rate: 0.3)", lambda: Optax(optax.lars(0.3))),
    (
        "Lars(learning_rate: 0.5, momentum: 0.8, trust_coefficient: 0.01, epsilon: 0.1, "
        "weight_decay: 0.2, nesterov: true)",
        lambda: Optax(
            optax.lars(
                0.5, weight_decay=0.2, trust_coefficient=0.01, eps=0.1, momentum=0.8, nesterov=True
            )
        ),
    ),
    ("Swats()", Swats),
    (
        # Switches in step 2, but not on Beale.
        "Swats(learning_rate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 0.001, tolerance: 1e-4)",
        lambda: Swats(0.01, (0.8, 0.95), 1e-3, 1e-4),
    ),
    (
        # Switches in step 116 on Booth alone.
        "Swats(learning_rate: 0.01, beta2: 0.99, epsilon: 1e-6, tolerance: 3e-7)",
        lambda: Swats(0.01, (0.9, 0.99), 1e-6, 3e-7),
    ),
]


def main():
    versions = f"Optax {optax.__version__}, JAX {jax.__version__}, NumPy {np.__version__}"
    print(f"# {versions}, f64, Python {sys.version.split()[0]}")
    own = [settings.split("(")[0] for settings, make in OPTIMIZERS if not isinstance(make(), Optax)]
    print(f"# {', '.join(dict.fromkeys(own))}: paper, in NumPy {np.__version__}")
    print("optimizer;surface;step;x;y")
    for name, (surface, start) in SURFACES.items():
        gradient = jax.jit(jax.grad(lambda point: surface(point[0], point[1])))
        for settings, make in OPTIMIZERS:
            step_from, point = make(), np.array(start)
            for step in range(1, max(KEPT) + 1):
                point = step_from(point, np.asarray(gradient(point)))
                if step in KEPT:
                    print(f"{settings};{name};{step};{point[0]:.17g};{point[1]:.17g}")


if __name__ == "__main__":
    main()
