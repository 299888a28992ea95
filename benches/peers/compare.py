"""Run the peers and deltascope interleaved, and print the table of ratios.

    python compare.py [--rounds 2] [--threads 1 2] [--dtype f32] [--only W1 W2] [--out results.jsonl]

A ratio is the peer's smallest ms_per_epoch_min over the rounds, divided by deltascope's:
above 1, deltascope is faster.  Peers that are not installed are left out and named.  Run it on a quiet machine.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = [("torch", "eager"), ("torch", "manual"), ("jax", "scan"), ("numpy", "default"), ("sklearn", "default")]
# Of large workloads a part of an epoch is timed and scaled.
PART = {"W4": ["--max-steps", "200"], "W5": ["--max-steps", "8"]}

p = argparse.ArgumentParser()
p.add_argument("--rounds", type=int, default=2)
p.add_argument("--threads", type=int, nargs="+", default=[1, 2])
p.add_argument("--dtype", choices=("f32", "f64"), default="f32")
p.add_argument("--only", nargs="+", default=["W1", "W2", "W3", "W4", "W5"])
p.add_argument("--out", help="append every line of JSON to this file")
a = p.parse_args()

subprocess.run(["cargo", "build", "--release", "--bench", "workloads"], cwd=ROOT, check=True)
missing = set()
best = {}  # (workload, threads, name) -> (ms, check_loss)


def run(name, command, cwd):
    r = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    lines = [line for line in r.stdout.splitlines() if line.startswith("{")]
    if r.returncode or not lines:
        reason = (r.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"{name}: {reason}", file=sys.stderr)
        if "ModuleNotFoundError" in reason:
            missing.add(name)
        return
    if a.out:
        with open(a.out, "a", encoding="utf-8") as out:
            out.write(lines[-1] + "\n")
    line = json.loads(lines[-1])
    key = (line["workload"], line["threads"], name)
    ms = line["ms_per_epoch_min"]
    best[key] = (min(ms, best.get(key, (ms,))[0]), line["check_loss"])


for _ in range(a.rounds):
    for workload in a.only:
        for threads in a.threads:
            options = ["--threads", str(threads), "--dtype", a.dtype, *PART.get(workload, [])]
            run("deltascope", ["cargo", "bench", "-q", "--bench", "workloads", "--", workload, *options], ROOT)
            for peer, mode in PEERS:
                name = peer if mode == "default" else f"{peer} {mode}"
                if name in missing:
                    continue
                command = [sys.executable, str(HERE / f"peer_{peer}.py"), workload, str(threads), "--dtype", a.dtype]
                command += PART.get(workload, [])
                if mode != "default":
                    command += ["--mode", mode]
                run(name, command, HERE)

names = [peer if mode == "default" else f"{peer} {mode}" for peer, mode in PEERS]
names = [name for name in names if any(key[2] == name for key in best)]
print(f"\n{a.dtype}, {os.cpu_count()} cores, ms per epoch; x: how many times deltascope's time a peer takes\n")
print("| workload | threads | deltascope | check loss | " + " | ".join(names) + " |")
print("|---|---|---|---|" + "---|" * len(names))
for workload in a.only:
    for threads in a.threads:
        own = best.get((workload, threads, "deltascope"))
        if not own:
            continue
        cells = []
        for name in names:
            other = best.get((workload, threads, name))
            same = other and abs(other[1] - own[1]) <= 2e-6 * abs(own[1])
            cells.append(f"{other[0]:.4g} ({other[0] / own[0]:.2f}x{'' if same else ', other loss'})" if other else "-")
        print(f"| {workload} | {threads} | {own[0]:.4g} | {own[1]:.6f} | " + " | ".join(cells) + " |")
if missing:
    print("\nnot installed: " + ", ".join(sorted(missing)))
