"""Reference values for losses, activations and networks, from PyTorch in float64.

    python tests/references/networks.py > tests/references/networks.json

Every input is computed from its index by a formula, so nothing here is random; src/verification/networks.rs reads
inputs, parameters and expected values from the JSON file. Written with PyTorch 2.15.0.
"""

import json

import torch

torch.set_default_dtype(torch.float64)


def values(n, start=0):
    """n numbers between -1 and 1 without a pattern that training could notice."""
    return [((k * 7919 + 104729) % 2003) / 1001.0 - 1.0 for k in range(start, start + n)]


def tensor(shape, scale=1.0, start=0):
    n = 1
    for length in shape:
        n *= length
    return (scale * torch.tensor(values(n, start))).reshape(shape)


def flat(tensor):
    return tensor.detach().reshape(-1).tolist()


def log_cosh(outputs, targets):
    return torch.log(torch.cosh(outputs - targets)).mean()


def quantile(outputs, targets, tau=0.5):
    missing = targets - outputs
    return torch.maximum(tau * missing, (tau - 1) * missing).mean()


def hinge(outputs, targets, power=1):
    return (torch.clamp(1 - (2 * targets - 1) * outputs, min=0) ** power).mean()


def focal(outputs, targets, gamma=2.0):
    """Of several classes, from the formula, in terms of PyTorch's log-softmax."""
    log_p = torch.log_softmax(outputs, 1)[torch.arange(len(targets)), targets.long()]
    return (-((1 - log_p.exp()) ** gamma) * log_p).mean()


def binary_focal(outputs, targets, gamma=2.0):
    """Of two classes, from the formula, in terms of PyTorch's log-sigmoid."""
    log_p = torch.nn.functional.logsigmoid((2 * targets - 1) * outputs)
    return (-((1 - log_p.exp()) ** gamma) * log_p).mean()


LOSSES = {
    "MeanSquaredError": (torch.nn.MSELoss(), 1),
    "MeanAbsoluteError": (torch.nn.L1Loss(), 1),
    "Huber()": (torch.nn.HuberLoss(), 1),
    "Huber(delta: 0.3)": (torch.nn.HuberLoss(delta=0.3), 1),
    # Those that PyTorch does not have, from their formulas; the gradients are still its own.
    "LogCosh": (log_cosh, 1),
    "Quantile()": (quantile, 1),
    "Quantile(tau: 0.9)": (lambda o, t: quantile(o, t, 0.9), 1),
    "Poisson": (torch.nn.PoissonNLLLoss(log_input=True, full=False), 1),
    "BinaryCrossEntropy": (torch.nn.BCEWithLogitsLoss(), 1),
    "Hinge": (hinge, 1),
    "SquaredHinge": (lambda o, t: hinge(o, t, 2), 1),
    "BinaryFocal()": (binary_focal, 1),
    "BinaryFocal(gamma: 0)": (torch.nn.BCEWithLogitsLoss(), 1),
    "BinaryFocal(gamma: 0.5)": (lambda o, t: binary_focal(o, t, 0.5), 1),
    "CrossEntropy()": (torch.nn.CrossEntropyLoss(), 5),
    "CrossEntropy(label_smoothing: 0.1)": (torch.nn.CrossEntropyLoss(label_smoothing=0.1), 5),
    "Focal()": (focal, 5),
    "Focal(gamma: 0)": (torch.nn.CrossEntropyLoss(), 5),
    "Focal(gamma: 3.5)": (lambda o, t: focal(o, t, 3.5), 5),
}

ACTIVATIONS = {
    "Relu": torch.nn.ReLU,
    "LeakyRelu": lambda: torch.nn.LeakyReLU(0.01),
    "Gelu": torch.nn.GELU,
    "Tanh": torch.nn.Tanh,
    "Sigmoid": torch.nn.Sigmoid,
}


def targets_for(loss, n_samples, n_outputs):
    if loss.startswith(("Mean", "Huber", "LogCosh", "Quantile")):
        return tensor([n_samples], 2.0, 500)
    if loss == "Poisson":
        return torch.tensor([(k * 5 + 1) % 7 for k in range(n_samples)]).to(torch.float64)
    if loss.startswith(("Binary", "Hinge", "SquaredHinge")):
        return torch.tensor([(k * 5 + 1) % 3 % 2 for k in range(n_samples)])
    return torch.tensor([(k * 7 + 2) % n_outputs for k in range(n_samples)])


def loss_of(loss, outputs, targets):
    function, _ = LOSSES[loss]
    if loss.startswith(("CrossEntropy", "Focal")):
        return function(outputs, targets)
    return function(outputs.reshape(-1), targets.to(outputs.dtype))


def loss_cases():
    for loss, (_, n_outputs) in LOSSES.items():
        for n_samples in (1, 7, 37):
            outputs = tensor([n_samples, n_outputs], 4.0, 11).requires_grad_()
            targets = targets_for(loss, n_samples, n_outputs)
            value = loss_of(loss, outputs, targets)
            value.backward()
            yield {
                "loss": loss,
                "n_outputs": n_outputs,
                "outputs": flat(outputs),
                "targets": targets.tolist(),
                "value": value.item(),
                "gradient": flat(outputs.grad),
            }


def weighted_cases():
    """Weighted means as PyTorch makes them where it has them: by weights of classes in its cross-entropies,
    by weights of samples as the mean of its unreduced losses."""

    def case(loss, outputs, targets, weights, value):
        value.backward()
        return {
            "loss": loss,
            "n_outputs": outputs.shape[1],
            "outputs": flat(outputs),
            "targets": targets.tolist(),
            "weights": flat(weights),
            "value": value.item(),
            "gradient": flat(outputs.grad),
        }

    def fresh(n_samples, n_outputs):
        return tensor([n_samples, n_outputs], 4.0, 11).requires_grad_()

    of_class = torch.tensor([0.5, 2.0, 1.0, 0.0, 3.25])
    for n_samples in (1, 7, 37, 70):
        outputs, targets = fresh(n_samples, 5), targets_for("CrossEntropy()", n_samples, 5)
        value = torch.nn.CrossEntropyLoss(weight=of_class)(outputs, targets)
        yield case("CrossEntropy()", outputs, targets, of_class[targets], value)

        weights = 1.0 + tensor([n_samples], 1.0, 77)
        weights[n_samples // 2] = 0.0 if n_samples > 1 else 0.3
        for loss, (function, n_outputs) in LOSSES.items():
            outputs, targets = fresh(n_samples, n_outputs), targets_for(loss, n_samples, n_outputs)
            value = 0.0
            for i in range(n_samples):
                value = value + weights[i] * loss_of(loss, outputs[i : i + 1], targets[i : i + 1])
            if loss in ("BinaryCrossEntropy", "MeanSquaredError"):
                # The same by PyTorch's own weights.
                direct = {
                    "BinaryCrossEntropy": torch.nn.functional.binary_cross_entropy_with_logits,
                    "MeanSquaredError": torch.nn.functional.mse_loss,
                }[loss]
                direct = direct(
                    outputs.reshape(-1), targets.to(outputs.dtype), weight=weights, reduction="sum"
                )
                assert abs(direct - value) < 1e-12 * abs(value), loss
            yield case(loss, outputs, targets, weights, value / weights.sum())


def activation_cases():
    for name, module in ACTIVATIONS.items():
        inputs = tensor([41], 5.0, 3).requires_grad_()
        outputs = module()(inputs)
        outputs.sum().backward()
        yield {
            "activation": name,
            "inputs": flat(inputs),
            "outputs": flat(outputs),
            "slopes": flat(inputs.grad),
        }


def network_cases():
    """A perceptron with two hidden layers, for each activation and loss: loss and gradient at the
    start, then the losses and the last parameters of ten full-batch steps of gradient descent."""
    n_inputs, n_samples, rate, n_steps = 6, 19, 0.1, 10
    for activation, module in ACTIVATIONS.items():
        for loss, (_, n_outputs) in LOSSES.items():
            if "gamma" in loss:
                continue
            network = torch.nn.Sequential(
                torch.nn.Linear(n_inputs, 8),
                module(),
                torch.nn.Linear(8, 5),
                module(),
                torch.nn.Linear(5, n_outputs),
            )
            with torch.no_grad():
                for index, parameter in enumerate(network.parameters()):
                    parameter.copy_(tensor(list(parameter.shape), 0.7, 100 * index + 1))
            start = torch.cat([p.detach().reshape(-1) for p in network.parameters()]).tolist()
            inputs = tensor([n_samples, n_inputs], 1.5, 1000)
            targets = targets_for(loss, n_samples, n_outputs)
            optimizer = torch.optim.SGD(network.parameters(), lr=rate)
            losses, gradient = [], None
            for _ in range(n_steps):
                optimizer.zero_grad()
                value = loss_of(loss, network(inputs), targets)
                value.backward()
                losses.append(value.item())
                if gradient is None:
                    gradient = torch.cat([p.grad.reshape(-1) for p in network.parameters()]).tolist()
                optimizer.step()
            end = torch.cat([p.detach().reshape(-1) for p in network.parameters()]).tolist()
            yield {
                "activation": activation,
                "loss": loss,
                "n_inputs": n_inputs,
                "n_outputs": n_outputs,
                "hidden": [8, 5],
                "names": [name for name, _ in network.named_parameters()],
                "params": start,
                "inputs": flat(inputs),
                "targets": targets.tolist(),
                "gradient": gradient,
                "learning_rate": rate,
                "losses": losses,
                "params_after": end,
            }


def formulas():
    """The losses that are written out here, and only differentiated by PyTorch."""
    own = [name for name, (function, _) in LOSSES.items() if not isinstance(function, torch.nn.Module)]
    return sorted({name.split("(")[0] for name in own})


def line(case):
    return json.dumps(case)


def block(name, cases):
    return f'"{name}": [\n' + ",\n".join(map(line, cases)) + "\n]"


print(
    "{\n"
    + ",\n".join(
        [
            f'"pytorch": {json.dumps(torch.__version__.split("+")[0])}',
            f'"formulas": {json.dumps(formulas())}',
            block("losses", loss_cases()),
            block("weighted", weighted_cases()),
            block("activations", activation_cases()),
            block("networks", network_cases()),
        ]
    )
    + "\n}"
)
