#!/usr/bin/env python3
"""Trains a small LightGBM model with every kind of split; writes it and its raw scores.

usage: lightgbm_model_oracle.py FOLDER KIND      KIND: nan | zero | none | linear; needs numpy and lightgbm

Writes model.txt, rows.f32 (row-major Float32 with missing values, zeros and unseen categories) and scores.f64.
"""
import sys

import lightgbm
import numpy as np

folder, kind = sys.argv[1:]
random = np.random.default_rng(5)


def rows(count, levels):
    x = random.normal(0, 1, (count, 8))
    x[:, 1] = np.round(x[:, 1] * 2)
    x[random.random((count, 8)) < 0.15] = 0
    x[:, 6] = random.integers(0, levels, count)
    x[:, 7] = random.integers(0, 4 + levels // 10, count)
    if kind != "none":
        x[random.random((count, 8)) < 0.1] = np.nan
    return x.astype(np.float32)


train, test = rows(4000, 60), rows(100_000, 80)
if kind == "none":  # missing values that training never saw
    test[random.random(test.shape) < 0.1] = np.nan
    test[:, 6:] = np.nan_to_num(test[:, 6:])
known = np.nan_to_num(train)
y = known[:, 0] + np.sin(2 * known[:, 1]) * known[:, 2] + (known[:, 6] * 37 % 11) / 5 + np.isnan(train[:, 3]) - (known[:, 4] == 0)
settings = dict(objective="regression", num_leaves=31, min_data_in_leaf=5, verbose=-1, seed=3, num_threads=2, cat_smooth=1)
settings["zero_as_missing"] = kind == "zero"
settings["linear_tree"] = kind == "linear"
data = lightgbm.Dataset(train, y, categorical_feature=[] if kind == "linear" else [6, 7])
model = lightgbm.train(settings, data, 120)
model.save_model(f"{folder}/model.txt")
test.tofile(f"{folder}/rows.f32")
model.predict(test.astype(np.float64), raw_score=True, num_threads=2).tofile(f"{folder}/scores.f64")
if kind != "linear":
    model.predict(test[:200].astype(np.float64), pred_contrib=True, num_threads=2).tofile(f"{folder}/contributions.f64")
