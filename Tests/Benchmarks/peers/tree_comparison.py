#!/usr/bin/env python3
"""Runs trees and their peers in turns; prints one table, and under it the bounds that ours are to keep.

usage: tree_comparison.py PROGRAM DATADIR WORK REPETITIONS TRAIN...

PROGRAM is trees-benchmark, TRAIN train200k or train1m. Figures go to WORK/runs.jsonl as they come: a comparison that was
interrupted goes on where it stopped, one that was finished or made with another program begins anew. Ends with status 1
when a bound is not kept.
"""
import hashlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

from tree_bounds import bounds

program, data, work, repetitions, *trains = sys.argv[1:]
repetitions = int(repetitions)
here = os.path.dirname(os.path.abspath(__file__))
records = os.path.join(work, "runs.jsonl")
LEVELS = {"ours": [], "ours-symmetric": ["--levels", "6"]}
COMPILERS = ("lleaves", "tl2cgen")
LONGEST = 600


def peer(script, *arguments):
    return [sys.executable, "-W", "ignore", os.path.join(here, script), *arguments]


def model(label, name):
    return os.path.join(work, f"{label}.{name}".replace(" ", "."))


def training(label, name, train, test):
    if name in LEVELS:
        return [program, "learn", *LEVELS[name], train, test, model(label, name)]
    return peer("tree_peers.py", "train", name, train, test, model(label, name))


def evaluation(label, name, test, round):
    if name in LEVELS:
        explained = "10000" if round == 1 else "1000"
        return [program, "evaluate", "--repetitions", "3", "--explained", explained, model(label, name), test]
    if name in COMPILERS:
        return peer("tree_compilers.py", "evaluate", name, model(label, "lightgbm"), model(label, name), test)
    return peer("tree_peers.py", "evaluate", name, model(label, name), test)


def steps():
    """What to run: (table row, program, what, round, command). A judged figure has all repetitions, the others one."""
    for train in trains:
        label = train.removeprefix("train") + " codes"
        files = os.path.join(data, f"{train}_X.f32"), os.path.join(data, "test100k_X.f32")
        is_small = train == "train200k"
        for round in range(1, repetitions + 1):
            names = ["lightgbm", "ours", "lightgbm-quantised", "xgboost"]
            names += ["catboost", "ours-symmetric"] if is_small else ["ours-symmetric"] if round == 1 else []
            for name in names:
                yield label, name, "train", round, training(label, name, *files)
        compilers = COMPILERS if is_small else ()
        for name in compilers:
            command = peer("tree_compilers.py", "compile", name, model(label, "lightgbm"), model(label, name))
            yield label, name, "compile", 1, command
        for round in range(1, repetitions + 1):
            names = ["lightgbm", "ours", *compilers, "xgboost"] + (["catboost", "ours-symmetric"] if is_small else [])
            for name in names:
                yield label, name, "evaluate", round, evaluation(label, name, files[1], round)
    for train in trains:
        label = train.removeprefix("train") + " means"
        files = os.path.join(data, f"{train}_means_X.f32"), os.path.join(data, f"{train}_test_X.f32")
        is_small = train == "train200k"
        for round in range(1, repetitions + 1 if is_small else 2):
            for name in ["catboost", "ours-symmetric"] + (["lightgbm", "xgboost", "ours"] if round == 1 else []):
                yield label, name, "train", round, training(label, name, *files)
        for round in range(1, repetitions + 1 if is_small else 1):
            for name in ("catboost", "ours-symmetric"):
                yield label, name, "evaluate", round, evaluation(label, name, files[1], round)
    yield "", "ours", "fuzz", 1, [program, "fuzz"]


def identity():
    """What the figures depend on."""
    digest = hashlib.sha256(repr([data, repetitions, trains]).encode())
    for path in [program, *sorted(os.path.join(here, name) for name in os.listdir(here) if name.startswith("tree_"))]:
        if os.path.isfile(path):
            with open(path, "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()


def resume(planned):
    """The figures of an earlier, unfinished comparison of the same programs."""
    try:
        with open(records) as file:
            first, *known = [json.loads(line) for line in file]
    except (OSError, ValueError):
        first, known = None, []
    if first == identity() and 0 < len(known) < len(planned):
        print(f"trees.sh: goes on after {len(known)} of {len(planned)} runs ({records})", file=sys.stderr)
        return known
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    with open(records, "w") as file:
        print(json.dumps(identity()), file=file)
    return []


def run(runs, failures):
    planned = list(steps())
    runs += resume(planned)
    done = {(known["label"], known["name"], known["what"], known["round"]) for known in runs}
    for number, (label, name, what, round, command) in enumerate(planned, 1):
        if (label, name, what, round) in done or (label, name) in failures:
            continue
        print(f"trees.sh: {time.strftime('%T')} {number} of {len(planned)}: {label} {name}, {what} {round}", file=sys.stderr)
        try:
            outcome = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LONGEST)
            figures = json.loads(outcome.stdout.splitlines()[-1])
        except (IndexError, ValueError, subprocess.TimeoutExpired) as error:
            reason = f"not done in {LONGEST} s"
            if not isinstance(error, subprocess.TimeoutExpired):
                reason = (outcome.stderr.strip().splitlines() or [f"status {outcome.returncode}"])[-1]
            failures[label, name] = f"{what} failed: {reason[:120]}"
            print(f"trees.sh: {label} {name}: {failures[label, name]}", file=sys.stderr)
            continue
        runs.append(dict(label=label, name=name, what=what, round=round, figures=figures))
        with open(records, "a") as file:
            print(json.dumps(runs[-1]), file=file)


COLUMNS = [("%.2f", "train_s", "train s"), ("%.0f", "peak_mb", "peak MB"), ("%.4f", "rmse", "RMSE"),
           ("%.0f", "single_ns", "one row ns"), ("%.0f", "batch_ns", "batch ns"), ("%.0f", "explain_us", "explain us")]


def table(runs, failures):
    def values(label, name, key):
        return [known["figures"][key] for known in runs
                if (known["label"], known["name"]) == (label, name) and key in known["figures"]]

    def median(label, name, key):
        found = values(label, name, key)
        return statistics.median(found) if found else None

    layout = "%-11s %-19s %7s" + " %10s" * len(COLUMNS)
    print(layout % ("rows", "program", "runs", *(title for _, _, title in COLUMNS)))
    rows = [(label, name) for label, name, _, _, _ in steps() if label]
    for label, name in sorted(set(rows), key=rows.index):
        cells = [(pattern, median(label, name, key)) for pattern, key, _ in COLUMNS]
        counts = f"{len(values(label, name, 'train_s'))}/{len(values(label, name, 'single_ns'))}"
        cells = ["" if value is None else pattern % value for pattern, value in cells]
        print((layout % (label, name, counts, *cells)).rstrip(), failures.get((label, name), ""))
    print("Medians of so many runs of training/evaluation; programs take turns. Training with two threads, evaluation with one.")
    print("codes: categories as whole numbers. means: as smoothed means of the label, out of fold.\n")
    verdicts = [bound.verdict() for bound in bounds(trains, median, values)]
    print("\n".join(verdicts))
    for known in runs:
        if known["what"] == "fuzz":
            print("damaged files:", json.dumps(known["figures"]))
    for (label, name), reason in failures.items():
        print(f"NOT MEASURED {label} {name}: {reason}")
    return all(verdict.startswith("kept") for verdict in verdicts)


def stop(signal, frame):
    raise KeyboardInterrupt


signal.signal(signal.SIGTERM, stop)
runs, failures, status = [], {}, 0
try:
    run(runs, failures)
except KeyboardInterrupt:
    print("trees.sh: interrupted; the table has what was measured, and the next run goes on from here", file=sys.stderr)
    status = 130
sys.exit(status if table(runs, failures) else status or 1)
