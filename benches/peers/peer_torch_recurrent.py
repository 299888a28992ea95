"""The recurrent nets of `cargo bench --bench recurrent` in PyTorch, and the ratio of the two.

    python peer_torch_recurrent.py

It runs that benchmark first, which leaves data and first weights in target/workloads.  A ratio above 1: deltascope is faster.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "target" / "workloads"
STEPS, COUNT, BATCH, UNITS, CHECK = 50, 320, 32, 32, 50

# What it says when it fails goes where one sees it.
r = subprocess.run(["cargo", "bench", "-q", "--bench", "recurrent"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
if r.returncode:
    sys.exit(f"cargo bench --bench recurrent failed with status {r.returncode}, so there is nothing to compare with")
ours = {line["workload"]: line for line in map(json.loads, filter(lambda l: l.startswith("{"), r.stdout.splitlines()))}

torch.set_num_threads(1)
numbers = torch.from_numpy(np.fromfile(FOLDER / "R.bin", dtype="<f4"))
x = numbers[: STEPS * COUNT * 4].reshape(STEPS, COUNT, 4)
y = numbers[STEPS * COUNT * 4 :].reshape(COUNT, 4).argmax(1)


def net(cell):
    gates = {"tanh": 1, "gru": 3, "lstm": 4}[cell]
    layer = {"tanh": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](4, UNITS)
    head = torch.nn.Linear(UNITS, 4)
    w = np.fromfile(FOLDER / f"R-{cell}.bin", dtype="<f4")
    rows = gates * UNITS
    of_x, w = w[: rows * 5].reshape(rows, 5), w[rows * 5 :]
    columns = UNITS if cell == "tanh" else UNITS + 1
    of_h, w = w[: rows * columns].reshape(rows, columns), w[rows * columns :]
    of_o = w.reshape(4, UNITS + 1)
    if cell == "lstm":  # i f o n here, i f n o there
        order = np.r_[0 : 2 * UNITS, 3 * UNITS : 4 * UNITS, 2 * UNITS : 3 * UNITS]
        of_x, of_h = of_x[order], of_h[order]
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.from_numpy(of_x[:, 1:].copy()))
        layer.bias_ih_l0.copy_(torch.from_numpy(of_x[:, 0].copy()))
        if cell == "tanh":
            layer.weight_hh_l0.copy_(torch.from_numpy(of_h))
            layer.bias_hh_l0.zero_()
        else:
            layer.weight_hh_l0.copy_(torch.from_numpy(of_h[:, 1:].copy()))
            layer.bias_hh_l0.copy_(torch.from_numpy(of_h[:, 0].copy()))
        head.weight.copy_(torch.from_numpy(of_o[:, 1:].copy()))
        head.bias.copy_(torch.from_numpy(of_o[:, 0].copy()))
    if cell == "tanh":
        layer.bias_hh_l0.requires_grad_(False)  # the plain layer here has one bias
    parameters = [p for p in [*layer.parameters(), *head.parameters()] if p.requires_grad]
    optimizer = torch.optim.SGD(parameters, lr=0.1)
    at = 0

    def loss():
        h, _ = layer(x[:, at : at + BATCH])
        return torch.nn.functional.cross_entropy(head(h[-1]), y[at : at + BATCH])

    def step():
        nonlocal at
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()
        at = (at + BATCH) % COUNT

    return step, loss


print("| workload | deltascope µs | PyTorch µs | ratio | loss after 50 updates, both |")
print("|---|---|---|---|---|")
for cell in ["tanh", "gru", "lstm"]:
    step, loss = net(cell)
    for _ in range(CHECK):
        step()
    with torch.no_grad():
        check = float(loss())
    times = []
    for _ in range(9):
        begun = time.perf_counter()
        for _ in range(50):
            step()
        times.append((time.perf_counter() - begun) / 50 * 1e6)
    line = ours[f"R-{cell}"]
    us = line["us_per_update_min"]
    print(f"| R-{cell} | {us:.1f} | {min(times):.1f} | {min(times) / us:.2f}x | {line['check_loss']:.6f} {check:.6f} |")
