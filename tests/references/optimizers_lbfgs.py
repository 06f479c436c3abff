"""Where PyTorch's L-BFGS comes to in f64, and what it takes, for tests/lbfgs_against_pytorch.rs.

Needs PyTorch (written with 2.15.0) and Python (3.11). From the project's folder:

    python tests/references/optimizers_lbfgs.py > tests/references/optimizers_lbfgs.csv

Each row is one long `.step()` from the start, with at most so many passes of the loop inside it (as
many steps in a study), and evaluations without limit. Kept are the passes and evaluations that it
needed before one of its tolerances was met, and the point. "fixed" is without a line search: there
PyTorch does not evaluate the last point, when passes run out.
"""

import sys

import torch

from optimizers import SURFACES

torch.set_default_dtype(torch.float64)

PASSES = [1, 2, 3, 5, 10, 20, 200]

SURFACES = {name: surface for name, (surface, _) in SURFACES.items()}
SURFACES["Quadratic(condition: 1e6)"] = lambda x, y: 0.5 * (x**2 + 1e6 * y**2)

STARTS = {
    "Rosenbrock": [(-1.2, 1.0), (2.0, -1.5), (0.0, 0.0), (-1.9, 2.5)],
    "Beale": [(1.0, 1.0), (2.5, 0.0), (0.5, -1.0), (-1.0, 0.5)],
    "Himmelblau": [(0.0, 0.0), (-4.0, 1.0), (4.5, -4.0), (1.0, 5.0)],
    "Booth": [(-8.0, 8.0), (0.0, 0.0), (9.0, 9.0), (5.0, -7.0)],
    "Quadratic(condition: 1e6)": [(-4.0, 1.5), (1.0, 1e-3), (100.0, -1.0), (0.3, 0.7)],
}

# Settings as in a study file; torch's.
SETTINGS = [
    ("Lbfgs()", {}),
    ("Lbfgs(history: 5)", {"history_size": 5}),
    ("Lbfgs(learning_rate: 0.3, history: 2)", {"lr": 0.3, "history_size": 2}),
    (
        "Lbfgs(tolerance_gradient: 0.01, tolerance_change: 1e-5)",
        {"tolerance_grad": 0.01, "tolerance_change": 1e-5},
    ),
    ("Lbfgs(learning_rate: 0.5, line_search: false)", {"lr": 0.5, "line_search_fn": None}),
]


def main():
    print(f"# PyTorch {torch.__version__.split('+')[0]}, f64, Python {sys.version.split()[0]}")
    print("optimizer;surface;x0;y0;passes;passes_needed;evaluations;x;y")
    for settings, more in SETTINGS:
        for name, surface in SURFACES.items():
            for start in STARTS[name]:
                for passes in PASSES:
                    point = torch.tensor(start, requires_grad=True)
                    options = {"line_search_fn": "strong_wolfe", **more}
                    optimizer = torch.optim.LBFGS(
                        [point], max_iter=passes, max_eval=10**6, **options
                    )

                    def closure():
                        optimizer.zero_grad()
                        value = surface(point[0], point[1])
                        value.backward()
                        return value

                    optimizer.step(closure)
                    state = optimizer.state[point]
                    x, y = point.tolist()
                    print(
                        f"{settings};{name};{start[0]};{start[1]};{passes};{state['n_iter']};"
                        f"{state['func_evals']};{x:.17g};{y:.17g}"
                    )


if __name__ == "__main__":
    main()
