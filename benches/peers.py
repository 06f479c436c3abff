"""Time per step of PyTorch and JAX on the tasks of `steps.rs`.

    pip install torch jax
    python benches/peers.py

PyTorch runs eagerly, as most people run it, with one and two threads; JAX runs whole epochs that are
compiled once (`jit` of `lax.scan`) on as many cores as it wants. Both deal shuffled batches from
data in memory, as Descent does. Microseconds per step: shortest and median of many stretches.
"""

import platform
import statistics
import time

import numpy as np

# name, widths from features to outputs, loss, optimizer, learning rate, batch size, stretches
TASKS = [
    ("linear, 20 features, batch 32, gradient descent", [20, 1], "mse", "sgd", 0.01, 32, 10),
    ("logistic, 30 features, batch 32, gradient descent", [30, 1], "binary", "sgd", 0.01, 32, 10),
    ("MLP 64-128-128-10, batch 64, Adam", [64, 128, 128, 10], "classes", "adam", 0.001, 64, 10),
    ("MLP 784-512-512-10, batch 128, momentum", [784, 512, 512, 10], "classes", "momentum", 0.01, 128, 6),
]
N_SAMPLES = 6400


def data(widths, loss):
    random = np.random.default_rng(1)
    x = random.standard_normal((N_SAMPLES, widths[0]), dtype=np.float32)
    if loss == "mse":
        return x, x.sum(1)
    classes = x[:, : max(widths[-1], 2)].argmax(1)
    return (x, classes.astype(np.float32)) if loss == "binary" else (x, classes)


def stretches(epoch, n_stretches, n_steps):
    """Shortest and median microseconds per step of epochs, after one to warm up."""
    epoch()
    times = []
    for _ in range(n_stretches):
        start = time.perf_counter()
        epoch()
        times.append((time.perf_counter() - start) / n_steps * 1e6)
    return min(times), statistics.median(times)


def with_torch(widths, loss, optimizer, rate, batch_size, n_stretches, n_threads):
    import torch

    torch.set_num_threads(n_threads)
    torch.manual_seed(1)
    x, y = map(torch.from_numpy, data(widths, loss))
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    cost = {
        "mse": torch.nn.functional.mse_loss,
        "binary": torch.nn.functional.binary_cross_entropy_with_logits,
        "classes": torch.nn.functional.cross_entropy,
    }[loss]
    rule = {
        "sgd": lambda p: torch.optim.SGD(p, rate),
        "momentum": lambda p: torch.optim.SGD(p, rate, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, rate),
    }[optimizer](model.parameters())

    def epoch():
        for batch in torch.randperm(N_SAMPLES).split(batch_size):
            outputs = model(x[batch])
            if loss != "classes":
                outputs = outputs.squeeze(1)
            rule.zero_grad()
            cost(outputs, y[batch]).backward()
            rule.step()

    return stretches(epoch, n_stretches, N_SAMPLES // batch_size)


def with_jax(widths, loss, optimizer, rate, batch_size, n_stretches):
    import jax
    import jax.numpy as jnp

    x, y = map(jnp.asarray, data(widths, loss))
    keys = jax.random.split(jax.random.key(1), len(widths))
    params = [
        (jax.random.normal(key, (inputs, outputs)) * (2 / inputs) ** 0.5, jnp.zeros(outputs))
        for key, inputs, outputs in zip(keys, widths, widths[1:])
    ]

    def cost(params, x, y):
        for index, (weights, biases) in enumerate(params):
            x = x @ weights + biases
            if index + 1 < len(params):
                x = jax.nn.relu(x)
        if loss == "mse":
            return jnp.mean((x[:, 0] - y) ** 2)
        if loss == "binary":
            return jnp.mean(jax.nn.softplus(x[:, 0]) - y * x[:, 0])
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], 1))

    def each(rule, *trees):
        return jax.tree.map(rule, *trees)

    zeros = each(jnp.zeros_like, params)

    def step(carry, batch):
        params, first, second, count = carry
        value, gradient = jax.value_and_grad(cost)(params, x[batch], y[batch])
        count += 1
        if optimizer == "sgd":
            params = each(lambda p, g: p - rate * g, params, gradient)
        elif optimizer == "momentum":
            first = each(lambda m, g: 0.9 * m + g, first, gradient)
            params = each(lambda p, m: p - rate * m, params, first)
        else:
            first = each(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
            second = each(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
            a, b = 1 - 0.9**count, 1 - 0.999**count
            params = each(
                lambda p, m, v: p - rate * (m / a) / (jnp.sqrt(v / b) + 1e-8), params, first, second
            )
        return (params, first, second, count), value

    @jax.jit
    def compiled_epoch(carry, key):
        order = jax.random.permutation(key, N_SAMPLES).reshape(-1, batch_size)
        return jax.lax.scan(step, carry, order)

    state = {"carry": (params, zeros, zeros, jnp.float32(0)), "key": jax.random.key(2)}

    def epoch():
        state["key"], key = jax.random.split(state["key"])
        state["carry"], values = compiled_epoch(state["carry"], key)
        jax.block_until_ready((state["carry"], values))

    return stretches(epoch, n_stretches, N_SAMPLES // batch_size)


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    import jax
    import torch

    print(f"PyTorch {torch.__version__}, JAX {jax.__version__}, Python {platform.python_version()}, {processor()}")
    print(f"{'µs per step, f32: best / median':<50}{'PyTorch, 1':>20}{'PyTorch, 2':>20}{'JAX':>20}")
    for name, *task in TASKS:
        results = [with_torch(*task, n_threads=1), with_torch(*task, n_threads=2), with_jax(*task)]
        print(f"{name:<50}" + "".join(f"{best:>11.1f} /{median:>7.1f}" for best, median in results))


if __name__ == "__main__":
    main()
