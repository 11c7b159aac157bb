"""Records the learning rates of transformers' and PyTorch's schedules as train/src/test/resources/schedules/rates.json.

python record_schedules.py
"""
import functools
import json
import warnings
from pathlib import Path

import torch
import transformers
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau

TARGET = Path(__file__).parent.parent / "train/src/test/resources/schedules/rates.json"
PEAK = 1e-4
LENGTHS = [(10, 0), (10, 1), (40, 4), (40, 20), (7, 7), (125, 25)]  # steps, warm-up steps
LOSSES = [0.9, 0.8, 0.81, 0.80, 0.82, 0.7, 0.71, 0.72, 0.73, 0.74, 0.69998, 0.75]  # of the epochs of a plateau
SCHEDULES = [  # name, arguments, what makes it
    ("linear", {}, transformers.get_linear_schedule_with_warmup),
    ("cosine", {}, transformers.get_cosine_schedule_with_warmup),
    ("cosine_with_restarts", {"num_cycles": 1}, transformers.get_cosine_with_hard_restarts_schedule_with_warmup),
    ("cosine_with_restarts", {"num_cycles": 3}, transformers.get_cosine_with_hard_restarts_schedule_with_warmup),
    ("polynomial", {}, transformers.get_polynomial_decay_schedule_with_warmup),
    ("polynomial", {"lr_end": 1e-5, "power": 2.5}, transformers.get_polynomial_decay_schedule_with_warmup),
    ("constant_with_warmup", {}, transformers.get_constant_schedule_with_warmup),
    ("inverse_sqrt", {}, transformers.get_inverse_sqrt_schedule),
    ("inverse_sqrt", {"timescale": 50}, transformers.get_inverse_sqrt_schedule),
]


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)


def rates(schedule, values):
    """The rate before each step, and after the last."""
    result = [schedule.get_last_lr()[0]]
    for value in values:
        schedule.optimizer.step()
        schedule.step(*value)
        result.append(schedule.get_last_lr()[0])
    return result


def stepped(name, arguments, make, steps, warmup):
    if name not in ("constant_with_warmup", "inverse_sqrt"):
        make = functools.partial(make, num_training_steps=steps)
    schedule = make(optimizer(), num_warmup_steps=warmup, **arguments)
    return {"schedule": name, "arguments": arguments, "peak": PEAK, "steps": steps, "warmupSteps": warmup,
            "rates": rates(schedule, [()] * steps)}


def one_cycle(steps, warmup, arguments):
    """PyTorch's peak lies a step before that share of all, and it takes one step less than it is told."""
    total = steps + 1
    schedule = OneCycleLR(optimizer(), PEAK, total_steps=total, pct_start=(warmup + 1) / total, cycle_momentum=False,
                          **arguments)
    return {"schedule": "one_cycle", "arguments": arguments, "peak": PEAK, "steps": steps, "warmupSteps": warmup,
            "rates": rates(schedule, [()] * steps)}


def plateau(arguments):
    """The rate of each epoch, and after the last."""
    schedule = ReduceLROnPlateau(optimizer(), **arguments)
    return {"schedule": "reduce_lr_on_plateau", "arguments": arguments, "peak": PEAK, "losses": LOSSES,
            "rates": rates(schedule, [(loss,) for loss in LOSSES])}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    cases = [stepped(*schedule, *length) for schedule in SCHEDULES for length in LENGTHS
             if schedule[0] != "polynomial" or length[0] != length[1]]  # it divides by the steps after the rise
    cases += [one_cycle(*length, arguments) for length in LENGTHS[2:4] + LENGTHS[5:]
              for arguments in ({}, {"div_factor": 10.0, "final_div_factor": 100.0})]
    cases += [plateau(arguments) for arguments in (
        {}, {"patience": 0}, {"patience": 2, "factor": 0.5},
        {"patience": 1, "factor": 0.3, "threshold": 0.02, "min_lr": 2e-5})]
    record = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__, "cases": cases}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(record) + "\n", "utf-8")
