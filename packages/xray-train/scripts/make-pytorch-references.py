"""
Reference values for AdamW, the one-cycle schedule, gradient clipping and averaged weights, from PyTorch 1.13.1.

    pip install torch==1.13.1 numpy && python scripts/make-pytorch-references.py
"""

import json
from pathlib import Path

import torch

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
STEPS = 25


def rate_at(step):
    return 0.05 / (1 + 0.1 * step)


def rounded(tensor):
    return [float(f"{value:.10g}") for value in tensor.detach().flatten().tolist()]


def adam_w(**settings):
    weights = torch.ones(6, requires_grad=True)
    optimizer = torch.optim.AdamW([weights], lr=1, **settings)
    path = []
    for step in range(STEPS):
        weights.grad = gradients[step].clone()
        optimizer.param_groups[0]["lr"] = rate_at(step)
        optimizer.step()
        path.append(rounded(weights))
    return {"betas": settings["betas"], "eps": settings["eps"], "weightDecay": settings["weight_decay"], "path": path}


def one_cycle(steps, **settings):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps, cycle_momentum=False, **settings)
    rates = [schedule.get_last_lr()[0]]
    for _ in range(steps - 1):
        optimizer.step()
        schedule.step()
        rates.append(schedule.get_last_lr()[0])
    return {"steps": steps, **settings, "rates": rates}


def clipped(scale, max_norm):
    pair = [torch.zeros(4, requires_grad=True), torch.zeros(2, requires_grad=True)]
    pair[0].grad, pair[1].grad = gradients[0][:4] * scale, gradients[0][4:] * scale
    torch.nn.utils.clip_grad_norm_(pair, max_norm)
    return {"scale": scale, "maxNorm": max_norm, "values": rounded(pair[0].grad) + rounded(pair[1].grad)}


gradients = [torch.randn(6) for _ in range(STEPS)]
references = {
    "gradients": [rounded(gradient) for gradient in gradients],
    "adamW": [
        adam_w(betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
        adam_w(betas=(0.5, 0.9), eps=1e-3, weight_decay=0.3),
    ],
    "oneCycle": [
        one_cycle(40, pct_start=0.3, div_factor=25, final_div_factor=1e4),
        one_cycle(33, pct_start=0.15, div_factor=10, final_div_factor=100),
    ],
    "clipped": [clipped(10, 1), clipped(0.01, 1)],
}
target = Path(__file__).parent.parent / "src" / "__fixtures__" / "pytorch-references.json"
target.write_text(json.dumps(references) + "\n")
