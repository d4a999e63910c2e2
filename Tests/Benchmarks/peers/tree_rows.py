#!/usr/bin/env python3
"""Replaces category codes by smoothed means of the target, out of fold for the training rows.

usage: tree_rows.py DATADIR TRAIN      (TRAIN such as train200k; needs numpy)

Reads TRAIN_X.npy, TRAIN_y.npy and test100k_X.npy; columns from 40 on are codes. Writes TRAIN_means_X.f32, TRAIN_means_y.f32
and TRAIN_test_X.f32, TRAIN_test_y.f32: row-major Float32.
"""
import sys

import numpy as np

FIRST_CODE, FOLDS, SMOOTHING = 40, 5, 10.0
folder, train = sys.argv[1:]
x, y = np.load(f"{folder}/{train}_X.npy"), np.load(f"{folder}/{train}_y.npy").astype(np.float64)
test_x, test_y = np.load(f"{folder}/test100k_X.npy"), np.load(f"{folder}/test100k_y.npy")
fold = np.random.default_rng(7).integers(0, FOLDS, len(y))


def means(codes, targets, levels):
    sums = np.bincount(codes, targets, levels)
    return (sums + SMOOTHING * targets.mean()) / (np.bincount(codes, minlength=levels) + SMOOTHING)


for column in range(FIRST_CODE, x.shape[1]):
    codes, test_codes = x[:, column].astype(int), test_x[:, column].astype(int)
    levels = max(codes.max(), test_codes.max()) + 1
    for held in range(FOLDS):
        others = fold != held
        x[~others, column] = means(codes[others], y[others], levels)[codes[~others]]
    test_x[:, column] = means(codes, y, levels)[test_codes]
for name, values in (("means_X", x), ("means_y", y), ("test_X", test_x), ("test_y", test_y)):
    values.astype("<f4").tofile(f"{folder}/{train}_{name}.f32")
