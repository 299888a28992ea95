"""Run the peers and deltascope interleaved, and print the table of ratios.

    python compare.py [--rounds 2] [--threads 1 2] [--dtype f32] [--only W1 W2] [--out results.jsonl]

A ratio is the peer's smallest ms_per_epoch_min over the rounds, divided by deltascope's:
above 1, deltascope is faster.  Peers that are not installed are left out and named.  A run that
fails is named with its reason, its place in the table says so, and the exit status is 1.
Run it on a quiet machine.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = [("torch", "eager"), ("torch", "manual"), ("jax", "scan"), ("numpy", "default"), ("sklearn", "default")]
WORKLOADS = ["W1", "W2", "W3", "W4", "W5"]
# What is read of a line of JSON.
FIELDS = ["workload", "threads", "ms_per_epoch_min", "check_loss"]
# Of large workloads a part of an epoch is timed and scaled.
PART = {"W4": ["--max-steps", "200"], "W5": ["--max-steps", "8"]}


def title(peer, mode):
    return peer if mode == "default" else f"{peer} {mode}"


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--rounds", type=int, default=2)
    p.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    p.add_argument("--dtype", choices=("f32", "f64"), default="f32")
    p.add_argument("--only", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    p.add_argument("--out", help="append every line of JSON to this file")
    a = p.parse_args()
    if a.rounds < 1:
        p.error(f"--rounds {a.rounds}: at least 1")
    return a


def run(command, cwd):
    """The line of JSON that a command prints, or the reason why there is none."""
    # The benchmark's data are made by the interpreter that runs the peers.
    r = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env={**os.environ, "PYTHON": sys.executable})
    lines = [line for line in r.stdout.splitlines() if line.startswith("{")]
    if r.returncode:
        print(r.stderr, file=sys.stderr)
        said = [line for line in r.stderr.splitlines() if line.strip() and not line.startswith("note:")]
        # Rust tells of a panic in the line after its place; Python of an exception in its last line.
        told = next((after for line, after in zip(said, said[1:]) if "panicked at" in line), (said or ["no message"])[-1])
        return None, f"exit status {r.returncode}: {told.strip()}"
    if not lines:
        return None, "it printed no line of JSON"
    try:
        line = json.loads(lines[-1])
    except ValueError as error:
        return None, f"its line of JSON can't be read: {error}"
    lacking = [field for field in FIELDS if field not in line]
    return (None, f"its line of JSON lacks {', '.join(lacking)}") if lacking else (line, None)


def table(a, names, best, failed):
    """The rows of the table; a run that failed is told where its figure would stand."""
    rows = ["| workload | threads | deltascope | check loss | " + " | ".join(names) + " |", "|---|---|---|---|" + "---|" * len(names)]
    for workload in a.only:
        for threads in a.threads:
            key = (workload, threads)
            own = best.get((key, "deltascope"))
            cells = ["failed", "-"] if (key, "deltascope") in failed or not own else [f"{own[0]:.4g}", f"{own[1]:.6f}"]
            for name in names:
                other = best.get((key, name))
                if (key, name) in failed or not other:
                    cells.append("failed")
                elif cells[0] == "failed":
                    cells.append(f"{other[0]:.4g}")
                else:
                    same = abs(other[1] - own[1]) <= 2e-6 * abs(own[1])
                    cells.append(f"{other[0]:.4g} ({other[0] / own[0]:.2f}x{'' if same else ', other loss'})")
            rows.append(f"| {workload} | {threads} | " + " | ".join(cells) + " |")
    return rows


def main():
    a = arguments()
    if importlib.util.find_spec("numpy") is None:
        sys.exit(f"{sys.executable} has no numpy, which makes the data: {sys.executable} -m pip install -r {HERE / 'requirements.txt'}")
    if subprocess.run(["cargo", "build", "--release", "--bench", "workloads"], cwd=ROOT).returncode:
        sys.exit("the benchmark of deltascope itself does not build")
    missing = sorted({peer for peer, _ in PEERS if importlib.util.find_spec(peer) is None})
    peers = [(peer, mode) for peer, mode in PEERS if peer not in missing]
    best = {}  # ((workload, threads), name) -> (ms, check_loss)
    failed = {}  # ((workload, threads), name) -> reason

    def note(name, key, command, cwd):
        line, reason = run(command, cwd)
        if reason is None and (line["workload"], line["threads"]) != key:
            reason = f"its line of JSON is of {line['workload']}, {line['threads']} threads"
        if reason is not None:
            failed[(key, name)] = reason
            print(f"failed: {name} {key[0]}, {key[1]} threads: {reason}", file=sys.stderr)
            return
        if a.out:
            with open(a.out, "a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")
        ms = line["ms_per_epoch_min"]
        best[(key, name)] = (min(ms, best.get((key, name), (ms,))[0]), line["check_loss"])

    for _ in range(a.rounds):
        for workload in a.only:
            for threads in a.threads:
                part, key = PART.get(workload, []), (workload, threads)
                options = ["--threads", str(threads), "--dtype", a.dtype, *part]
                note("deltascope", key, ["cargo", "bench", "-q", "--bench", "workloads", "--", workload, *options], ROOT)
                for peer, mode in peers:
                    command = [sys.executable, str(HERE / f"peer_{peer}.py"), workload, str(threads), "--dtype", a.dtype]
                    command += [*part, *([] if mode == "default" else ["--mode", mode])]
                    note(title(peer, mode), key, command, HERE)

    print(f"\n{a.dtype}, {os.cpu_count()} cores, ms per epoch; x: how many times deltascope's time a peer takes")
    if failed:
        print(f"INCOMPLETE: {len(failed)} of the figures are missing, since their runs failed; the reasons are printed below")
    print("\n" + "\n".join(table(a, [title(*peer) for peer in peers], best, failed)))
    if missing:
        print("\nnot installed: " + ", ".join(missing))
    for ((workload, threads), name), reason in failed.items():
        print(f"\nfailed: {name} {workload}, {threads} threads: {reason}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
