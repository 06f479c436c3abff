"""Factors of PyTorch's learning-rate schedulers in f64, for src/verification/schedules.rs.

Needs PyTorch (written with 2.15.0) and Python (3.11). From the project's folder:

    python tests/references/schedules.py > tests/references/schedules.csv

The base rate is 1, so that the rate is the factor. Schedulers are stepped once per epoch or once
per step, as their customary use is; kept are the factors at some of the steps. The settings are
written as in a study file. `then` are the schedules chained to the first (`SequentialLR`), `per` is
`Epoch` where a schedule changes once per epoch, and `loss` is what a scheduler that watches the
losses is shown after the step.
"""

import sys

import torch
from torch.optim import lr_scheduler as torch_schedules

KEPT = [0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 19, 20, 21, 29, 30, 31, 50, 59, 60, 61, 90, 118, 119]
TOTAL_STEPS = 120


def inverse_time(decay):
    return lambda optimizer: torch_schedules.LambdaLR(optimizer, lambda t: 1 / (1 + decay * t))


def step_decay(every, factor):
    return lambda optimizer: torch_schedules.StepLR(optimizer, every, factor)


def exponential(factor):
    return lambda optimizer: torch_schedules.ExponentialLR(optimizer, factor)


def linear(end_factor, n_steps):
    return lambda optimizer: torch_schedules.LinearLR(optimizer, 1.0, end_factor, n_steps)


def cosine(end_factor, n_steps):
    return lambda optimizer: torch_schedules.CosineAnnealingLR(optimizer, n_steps, end_factor)


def multi_step(milestones, factor):
    return lambda optimizer: torch_schedules.MultiStepLR(optimizer, milestones, factor)


def polynomial(power, n_steps):
    return lambda optimizer: torch_schedules.PolynomialLR(optimizer, n_steps, power)


def warm_restarts(period, multiplier, end_factor):
    return lambda optimizer: torch_schedules.CosineAnnealingWarmRestarts(
        optimizer, period, multiplier, end_factor
    )


def one_cycle(climb, start_divisor, end_divisor):
    return lambda optimizer: torch_schedules.OneCycleLR(
        optimizer, 1.0, TOTAL_STEPS, pct_start=climb, div_factor=start_divisor,
        final_div_factor=end_divisor, cycle_momentum=False,
    )


def cyclic(low, up, down, mode, gamma=1.0):
    return lambda optimizer: torch_schedules.CyclicLR(
        optimizer, low, 1.0, up, down, mode, gamma, cycle_momentum=False
    )


def after_warmup(warmup_steps, schedule):
    def make(optimizer):
        ramp = torch_schedules.LinearLR(optimizer, 1 / warmup_steps, 1.0, warmup_steps - 1)
        return torch_schedules.SequentialLR(optimizer, [ramp, schedule(optimizer)], [warmup_steps])

    return make


# Settings as in a study file, steps of warm-up, steps per epoch, steps between two steps of the
# scheduler, torch's scheduler with the same meaning.
SCHEDULES = [
    ("Constant", 0, 5, 1, lambda o: torch_schedules.ConstantLR(o, 1.0)),
    ("Constant", 20, 5, 1, after_warmup(20, lambda o: torch_schedules.ConstantLR(o, 1.0))),
    ("InverseTime(decay: 0.3)", 0, 5, 5, inverse_time(0.3)),
    ("InverseTime(decay: 0.02, every: Steps(1))", 0, 5, 1, inverse_time(0.02)),
    ("StepDecay()", 0, 5, 5, step_decay(10, 0.1)),
    ("StepDecay(factor: 0.7, every: Epochs(3))", 0, 10, 10, step_decay(3, 0.7)),
    ("StepDecay(factor: 0.5, every: Steps(30))", 0, 7, 1, step_decay(30, 0.5)),
    ("StepDecay(factor: 0.5, every: Steps(30))", 10, 7, 1, after_warmup(10, step_decay(30, 0.5))),
    ("Exponential()", 0, 5, 5, exponential(0.95)),
    ("Exponential(factor: 0.98, every: Steps(1))", 0, 5, 1, exponential(0.98)),
    ("Exponential(factor: 0.98, every: Steps(1))", 30, 5, 1, after_warmup(30, exponential(0.98))),
    ("Linear()", 0, 5, 1, linear(0.0, TOTAL_STEPS)),
    ("Linear(end_factor: 0.1)", 0, 5, 1, linear(0.1, TOTAL_STEPS)),
    ("Linear(end_factor: 0.1)", 20, 5, 1, after_warmup(20, linear(0.1, TOTAL_STEPS - 20))),
    ("Cosine()", 0, 5, 1, cosine(0.0, TOTAL_STEPS)),
    ("Cosine(end_factor: 0.05)", 0, 5, 1, cosine(0.05, TOTAL_STEPS)),
    ("Cosine(end_factor: 0.05)", 30, 5, 1, after_warmup(30, cosine(0.05, TOTAL_STEPS - 30))),
    ("MultiStep(milestones: [4, 6, 18])", 0, 5, 5, multi_step([4, 6, 18], 0.1)),
    (
        "MultiStep(milestones: [10, 60], factor: 0.3, every: Steps(1))",
        0,
        5,
        1,
        multi_step([10, 60], 0.3),
    ),
    ("Polynomial()", 0, 5, 1, polynomial(2.0, TOTAL_STEPS)),
    ("Polynomial(power: 0.7)", 0, 5, 1, polynomial(0.7, TOTAL_STEPS)),
    ("WarmRestarts(period: Steps(10))", 0, 5, 1, warm_restarts(10, 2, 0.0)),
    (
        "WarmRestarts(period: Epochs(3), multiplier: 1, end_factor: 0.2)",
        0,
        7,
        1,
        warm_restarts(21, 1, 0.2),
    ),
    (
        "WarmRestarts(period: Steps(4), multiplier: 3, end_factor: 0.01)",
        0,
        5,
        1,
        warm_restarts(4, 3, 0.01),
    ),
    ("OneCycle()", 0, 5, 1, one_cycle(0.3, 25.0, 1e4)),
    (
        "OneCycle(climb: 0.45, start_divisor: 10, end_divisor: 50)",
        0,
        5,
        1,
        one_cycle(0.45, 10.0, 50.0),
    ),
    ("Cyclic()", 0, 5, 1, cyclic(0.1, 10, 10, "triangular")),
    (
        "Cyclic(low: 0.2, up: Steps(6), down: Steps(15), cycle_factor: 0.5)",
        0,
        5,
        1,
        cyclic(0.2, 6, 15, "triangular2"),
    ),
    (
        "Cyclic(low: 0.01, up: Steps(8), down: Steps(8), step_factor: 0.99)",
        0,
        5,
        1,
        cyclic(0.01, 8, 8, "exp_range", 0.99),
    ),
]


def chained(milestones, *schedules):
    return lambda optimizer: torch_schedules.SequentialLR(
        optimizer, [schedule(optimizer) for schedule in schedules], milestones
    )


# The same, with the chained schedules, and whether they change once per epoch.
CHAINS = [
    (
        "Linear(end_factor: 0.1)",
        "[(at: Steps(40), schedule: Cosine()), "
        "(at: Steps(90), schedule: Exponential(factor: 0.98, every: Steps(1)))]",
        "Step",
        5,
        1,
        chained([40, 90], linear(0.1, 40), cosine(0.0, 50), exponential(0.98)),
    ),
    (
        "Constant",
        "[(at: Epochs(4), schedule: StepDecay(factor: 0.5, every: Steps(30)))]",
        "Step",
        5,
        1,
        chained([20], lambda o: torch_schedules.ConstantLR(o, 1.0), step_decay(30, 0.5)),
    ),
    ("Cosine()", "[]", "Epoch", 5, 5, cosine(0.0, 24)),
    ("Linear(end_factor: 0.2)", "[]", "Epoch", 10, 10, linear(0.2, 12)),
    (
        "Polynomial()",
        "[(at: Epochs(10), schedule: Cosine(end_factor: 0.1))]",
        "Epoch",
        5,
        5,
        chained([10], polynomial(2.0, 10), cosine(0.1, 14)),
    ),
]


def plateau(**settings):
    return lambda optimizer: torch_schedules.ReduceLROnPlateau(optimizer, **settings)


PLATEAUS = [
    ("ReduceOnPlateau()", plateau()),
    ("ReduceOnPlateau(factor: 0.5, patience: 2)", plateau(factor=0.5, patience=2)),
    (
        "ReduceOnPlateau(factor: 0.7, patience: 0, threshold: 0.02, cooldown: 3, min_factor: 0.05)",
        plateau(factor=0.7, patience=0, threshold=0.02, cooldown=3, min_lr=0.05),
    ),
    (
        "ReduceOnPlateau(factor: 0.3, patience: 4, threshold: 0.01, relative: false)",
        plateau(factor=0.3, patience=4, threshold=0.01, threshold_mode="abs"),
    ),
]


def loss_after(step):
    """Falls ever more slowly, with a saw on top."""
    return 1 / (1 + 0.1 * step) + step * 7 % 11 / 110


def factors(make, steps_between, watches=False):
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=1.0)
    scheduler = make(optimizer)
    for step in range(TOTAL_STEPS):
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()
        if watches:
            scheduler.step(loss_after(step))
        elif (step + 1) % steps_between == 0:
            scheduler.step()


def main():
    print(f"# PyTorch {torch.__version__.split('+')[0]}, f64, Python {sys.version.split()[0]}")
    print("schedule;warmup_steps;steps_per_epoch;total_steps;step;factor;then;per;loss")
    for settings, warmup_steps, steps_per_epoch, steps_between, make in SCHEDULES:
        for step, factor in enumerate(factors(make, steps_between)):
            if step in KEPT:
                start = f"{settings};{warmup_steps};{steps_per_epoch};{TOTAL_STEPS}"
                print(f"{start};{step};{factor:.17g};;;")
    for settings, then, per, steps_per_epoch, steps_between, make in CHAINS:
        for step, factor in enumerate(factors(make, steps_between)):
            start = f"{settings};0;{steps_per_epoch};{TOTAL_STEPS}"
            print(f"{start};{step};{factor:.17g};{then};{per};")
    for settings, make in PLATEAUS:
        for step, factor in enumerate(factors(make, 1, watches=True)):
            start = f"{settings};0;1;{TOTAL_STEPS}"
            print(f"{start};{step};{factor:.17g};;;{loss_after(step):.17g}")


if __name__ == "__main__":
    main()
