#!/usr/bin/env python3
"""LightGBM's answers for a table, to compare with ours.

usage: lightgbm_oracle.py TRAIN.f32 TRAIN_LABELS.f32 TEST.f32 OPTIONS.json

Tables are row-major little-endian float32 with as many columns as OPTIONS.json has "kinds" ("numeric" or
"categorical"). Prints one float a test row. Needs numpy and lightgbm.
"""
import json
import sys

import lightgbm
import numpy

train_path, labels_path, test_path, options_path = sys.argv[1:5]
with open(options_path) as file:
    options = json.load(file)
kinds = options.pop("kinds")
trees = options.pop("trees")
train = numpy.fromfile(train_path, "<f4").reshape(-1, len(kinds))
labels = numpy.fromfile(labels_path, "<f4")
test = numpy.fromfile(test_path, "<f4").reshape(-1, len(kinds))
categorical = [column for column, kind in enumerate(kinds) if kind == "categorical"]
options = {"verbose": -1, "num_threads": 1, "deterministic": True, **options}
data = lightgbm.Dataset(train, labels, categorical_feature=categorical, params=options)
model = lightgbm.train(options, data, trees)
for value in model.predict(test):
    print(repr(float(value)))
