"""Trajectories of PyTorch's optimizers in f64, for src/verification/optimizers.rs.

Needs PyTorch (written with 2.15.0) and Python (3.11). From the project's folder:

    python tests/references/optimizers.py > tests/references/optimizers.csv

Each optimizer descends each surface for 200 steps from the given start, on gradients by torch's
automatic differentiation. Kept are the parameters after some of the steps. The settings are
written as in a study file; where none are, torch's own defaults are at work (and ours in the test).
"""

import sys

import torch

# Some optimizers keep numbers of their own (a product, a rate) in the default type.
torch.set_default_dtype(torch.float64)

KEPT = [1, 2, 3, 5, 10, 20, 50, 100, 200]

SURFACES = {
    "Rosenbrock": (lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-1.2, 1.0)),
    "Beale": (
        lambda x, y: (1.5 - x + x * y) ** 2
        + (2.25 - x + x * y**2) ** 2
        + (2.625 - x + x * y**3) ** 2,
        (1.0, 1.0),
    ),
    "Himmelblau": (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (0.0, 0.0)),
    "Booth": (lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2, (-8.0, 8.0)),
}


def sgd(rate, **more):
    return lambda params: torch.optim.SGD(params, lr=rate, **more)


# Settings as in a study file; torch's optimizer with the same.
OPTIMIZERS = [
    ("GradientDescent(learning_rate: 0.001)", sgd(0.001)),
    ("GradientDescent(learning_rate: 0.0003)", sgd(0.0003)),
    ("Momentum(learning_rate: 0.0005)", sgd(0.0005, momentum=0.9)),
    ("Momentum(learning_rate: 0.002, beta: 0.5)", sgd(0.002, momentum=0.5)),
    ("Nesterov(learning_rate: 0.0005)", sgd(0.0005, momentum=0.9, nesterov=True)),
    ("Nesterov(learning_rate: 0.001, beta: 0.8)", sgd(0.001, momentum=0.8, nesterov=True)),
    ("AdaGrad()", torch.optim.Adagrad),
    (
        "AdaGrad(learning_rate: 0.5, epsilon: 0.001)",
        lambda p: torch.optim.Adagrad(p, lr=0.5, eps=0.001),
    ),
    ("AdaDelta()", torch.optim.Adadelta),
    (
        "AdaDelta(learning_rate: 0.5, rho: 0.95, epsilon: 0.0001)",
        lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.95, eps=0.0001),
    ),
    ("RmsProp()", torch.optim.RMSprop),
    (
        "RmsProp(learning_rate: 0.002, alpha: 0.9, epsilon: 0.01)",
        lambda p: torch.optim.RMSprop(p, lr=0.002, alpha=0.9, eps=0.01),
    ),
    ("Adam()", torch.optim.Adam),
    (
        "Adam(learning_rate: 0.05, beta1: 0.8, beta2: 0.99, epsilon: 0.0001)",
        lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=0.0001),
    ),
    ("AdamW()", torch.optim.AdamW),
    (
        "AdamW(learning_rate: 0.02, beta1: 0.7, beta2: 0.95, epsilon: 1e-6, weight_decay: 0.1)",
        lambda p: torch.optim.AdamW(
            p, lr=0.02, betas=(0.7, 0.95), eps=1e-6, weight_decay=0.1
        ),
    ),
    ("GradientDescent(learning_rate: 0.0005, weight_decay: 0.3)", sgd(0.0005, weight_decay=0.3)),
    (
        "Momentum(learning_rate: 0.0007, beta: 0.8, dampening: 0.3, weight_decay: 0.2)",
        sgd(0.0007, momentum=0.8, dampening=0.3, weight_decay=0.2),
    ),
    (
        "Momentum(learning_rate: 0.0007, beta: 0.0, dampening: 0.3)",
        sgd(0.0007, momentum=0.0, dampening=0.3),
    ),
    (
        "Nesterov(learning_rate: 0.0005, beta: 0.8, weight_decay: 0.2)",
        sgd(0.0005, momentum=0.8, nesterov=True, weight_decay=0.2),
    ),
    (
        "AdaGrad(learning_rate: 0.3, rate_decay: 0.05, initial_accumulator: 2.0, weight_decay: 0.1)",
        lambda p: torch.optim.Adagrad(
            p, lr=0.3, lr_decay=0.05, initial_accumulator_value=2.0, weight_decay=0.1
        ),
    ),
    (
        "AdaDelta(weight_decay: 0.3)",
        lambda p: torch.optim.Adadelta(p, weight_decay=0.3),
    ),
    (
        "RmsProp(learning_rate: 0.003, centered: true, weight_decay: 0.1)",
        lambda p: torch.optim.RMSprop(p, lr=0.003, centered=True, weight_decay=0.1),
    ),
    (
        "RmsProp(learning_rate: 0.001, momentum: 0.8)",
        lambda p: torch.optim.RMSprop(p, lr=0.001, momentum=0.8),
    ),
    (
        "RmsProp(learning_rate: 0.001, centered: true, momentum: 0.7)",
        lambda p: torch.optim.RMSprop(p, lr=0.001, centered=True, momentum=0.7),
    ),
    (
        "Adam(learning_rate: 0.03, weight_decay: 0.2)",
        lambda p: torch.optim.Adam(p, lr=0.03, weight_decay=0.2),
    ),
    (
        "Adam(learning_rate: 0.05, beta2: 0.9, amsgrad: true, weight_decay: 0.1)",
        lambda p: torch.optim.Adam(
            p, lr=0.05, betas=(0.9, 0.9), amsgrad=True, weight_decay=0.1
        ),
    ),
    (
        "AdamW(learning_rate: 0.05, beta2: 0.9, amsgrad: true)",
        lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.9, 0.9), amsgrad=True),
    ),
    ("AdaMax()", torch.optim.Adamax),
    (
        "AdaMax(learning_rate: 0.05, beta1: 0.8, beta2: 0.99, weight_decay: 0.1)",
        lambda p: torch.optim.Adamax(p, lr=0.05, betas=(0.8, 0.99), weight_decay=0.1),
    ),
    ("NAdam()", torch.optim.NAdam),
    (
        "NAdam(learning_rate: 0.03, beta1: 0.8, momentum_decay: 0.5, weight_decay: 0.1)",
        lambda p: torch.optim.NAdam(
            p, lr=0.03, betas=(0.8, 0.999), momentum_decay=0.5, weight_decay=0.1
        ),
    ),
    (
        "NAdam(learning_rate: 0.01, beta2: 0.95, weight_decay: 0.2, decoupled: true)",
        lambda p: torch.optim.NAdam(
            p, lr=0.01, betas=(0.9, 0.95), weight_decay=0.2, decoupled_weight_decay=True
        ),
    ),
    ("RAdam(learning_rate: 0.0002)", lambda p: torch.optim.RAdam(p, lr=0.0002)),
    (
        "RAdam(learning_rate: 0.001, beta1: 0.8, beta2: 0.95, weight_decay: 0.1)",
        lambda p: torch.optim.RAdam(p, lr=0.001, betas=(0.8, 0.95), weight_decay=0.1),
    ),
    (
        "RAdam(learning_rate: 0.0005, beta2: 0.9, weight_decay: 0.2, decoupled: true)",
        lambda p: torch.optim.RAdam(
            p, lr=0.0005, betas=(0.9, 0.9), weight_decay=0.2, decoupled_weight_decay=True
        ),
    ),
    ("Rprop()", torch.optim.Rprop),
    (
        "Rprop(learning_rate: 0.03, eta_minus: 0.4, eta_plus: 1.1, min_step: 0.001, max_step: 0.2)",
        lambda p: torch.optim.Rprop(p, lr=0.03, etas=(0.4, 1.1), step_sizes=(0.001, 0.2)),
    ),
    ("Asgd(learning_rate: 0.0005)", lambda p: torch.optim.ASGD(p, lr=0.0005)),
    (
        "Asgd(learning_rate: 0.001, lambda: 0.5, alpha: 0.6, t0: 20.0, weight_decay: 0.1)",
        lambda p: torch.optim.ASGD(
            p, lr=0.001, lambd=0.5, alpha=0.6, t0=20, weight_decay=0.1
        ),
    ),
    # NEXT
]


def trajectory(surface, start, make):
    point = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    optimizer = make(point)
    for step in range(1, max(KEPT) + 1):
        optimizer.zero_grad()
        surface(*point).backward()
        optimizer.step()
        if step in KEPT:
            yield step, [x.item() for x in point]


def main():
    print(f"# PyTorch {torch.__version__.split('+')[0]}, f64, Python {sys.version.split()[0]}")
    print("optimizer;surface;step;x;y")
    for settings, make in OPTIMIZERS:
        for name, (surface, start) in SURFACES.items():
            for step, (x, y) in trajectory(surface, start, make):
                print(f"{settings};{name};{step};{x:.17g};{y:.17g}")


if __name__ == "__main__":
    main()
