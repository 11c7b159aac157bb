"""Records the learning rates of transformers' schedules as train/src/test/resources/schedules/rates.json.

python record_schedules.py
"""
import json
import warnings
from pathlib import Path

import torch
import transformers

TARGET = Path(__file__).parent.parent / "train/src/test/resources/schedules/rates.json"
SCHEDULES = {"linear": transformers.get_linear_schedule_with_warmup,
             "cosine": transformers.get_cosine_schedule_with_warmup}
PEAK = 1e-4
LENGTHS = [(10, 0), (10, 1), (40, 4), (40, 20), (7, 7), (125, 25)]  # steps, warm-up steps


def rates(make, steps, warmup):
    """The rate before each step, and after the last."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedule = make(optimizer, num_warmup_steps=warmup, num_training_steps=steps)
    result = [schedule.get_last_lr()[0]]
    for _ in range(steps):
        schedule.step()
        result.append(schedule.get_last_lr()[0])
    return result


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    cases = [{"schedule": name, "peak": PEAK, "steps": steps, "warmupSteps": warmup,
              "rates": rates(make, steps, warmup)}
             for name, make in SCHEDULES.items() for steps, warmup in LENGTHS]
    record = {"transformers": transformers.__version__, "cases": cases}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(record) + "\n", "utf-8")
