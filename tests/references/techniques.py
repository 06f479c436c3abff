"""Clipped gradients and averaged parameters as PyTorch makes them, in f64, for `descent verify`.

Needs PyTorch (written with 2.15.0) and Python (3.11). From the project's folder:

    python tests/references/techniques.py > tests/references/techniques.csv

A row of a clip is a gradient and what is left of it; a row of an average a parameter after a step
and the average then; a row of a noise its standard deviation after so many steps, from the paper's
formula. The settings are written as in a study file.
"""

import math
import sys

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

N_STEPS = 40


def gradient(step):
    """Of four entries, now long, now short."""
    size = 0.05 * 1.3 ** (step % 17)
    return [size * ((7 * step + 3 * i) % 11 - 5) for i in range(4)]


def clipped(clip):
    for step in range(N_STEPS):
        param = torch.zeros(4, dtype=torch.float64, requires_grad=True)
        param.grad = torch.tensor(gradient(step), dtype=torch.float64)
        clip(param)
        yield step, gradient(step), param.grad.tolist()


def by_norm(limit):
    return clipped(lambda param: torch.nn.utils.clip_grad_norm_([param], limit))


def by_value(limit):
    return clipped(lambda param: torch.nn.utils.clip_grad_value_([param], limit))


def param_after(step):
    return 1 / step + (5 * step % 7) / 10


def averaged(begins, **settings):
    model = torch.nn.Linear(1, 1, bias=False, dtype=torch.float64)
    average = AveragedModel(model, **settings)
    for step in range(1, N_STEPS + 1):
        with torch.no_grad():
            model.weight.fill_(param_after(step))
        if step > begins:
            average.update_parameters(model)
        shown = average.module.weight.item() if step > begins else param_after(step)
        yield step, [param_after(step)], [shown]


def moving(decay):
    return averaged(0, multi_avg_fn=get_ema_multi_avg_fn(decay))


def annealed(eta, gamma):
    for step in range(N_STEPS):
        yield step, [], [math.sqrt(eta / (1 + step) ** gamma)]


TECHNIQUES = [
    ("Norm(limit: 1.0)", by_norm(1.0)),
    ("Norm(limit: 0.3)", by_norm(0.3)),
    ("Value(limit: 1.0)", by_value(1.0)),
    ("Value(limit: 0.2)", by_value(0.2)),
    ("Annealed()", annealed(0.01, 0.55)),
    ("Annealed(eta: 0.3, gamma: 1.0)", annealed(0.3, 1.0)),
    ("MovingAverage()", moving(0.99)),
    ("MovingAverage(decay: 0.8)", moving(0.8)),
    ("Polyak()", averaged(0)),
    ("Polyak(from: Steps(15))", averaged(15)),
]


def words(numbers):
    return " ".join(f"{number:.17g}" for number in numbers)


def main():
    print(f"# PyTorch {torch.__version__.split('+')[0]}, f64, Python {sys.version.split()[0]}")
    print("# Annealed: paper, in Python")
    print("technique;step;before;after")
    for settings, rows in TECHNIQUES:
        for step, before, after in rows:
            print(f"{settings};{step};{words(before)};{words(after)}")


if __name__ == "__main__":
    main()
