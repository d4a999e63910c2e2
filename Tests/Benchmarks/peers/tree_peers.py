#!/usr/bin/env python3
"""Trains or times one peer on rows in files; prints one JSON line.

usage: tree_peers.py train PEER TRAIN_X.f32 TEST_X.f32 MODEL
       tree_peers.py evaluate PEER MODEL TEST_X.f32

Training takes two threads, evaluation one. PEER: lightgbm, lightgbm-quantised, xgboost, catboost (symmetric trees of depth 6). Rows are row-major Float32, 60 values;
labels are in files that end in _y instead of _X. Settings, the same for all: 500 trees, learning rate 0.1, L2 1; leaf-wise
trees have 63 leaves, 255 bins and at least 20 rows a leaf.
"""
import ctypes
import json
import os
import resource
import sys
import time

command, peer = sys.argv[1:3]
threads = 2 if command == "train" else 1
os.environ["OMP_NUM_THREADS"] = str(threads)
import numpy as np  # noqa: E402
from timing import timed  # noqa: E402

WIDTH, TREES = 60, 500


def rows(path):
    return np.fromfile(path, "<f4").reshape(-1, WIDTH), np.fromfile(path.replace("_X", "_y"), "<f4")


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def train(train_path, test_path, model):
    x, y = rows(train_path)
    start = time.perf_counter()
    if peer.startswith("lightgbm"):
        import lightgbm

        settings = dict(objective="regression", num_leaves=63, learning_rate=0.1, max_bin=255, min_data_in_leaf=20, lambda_l2=1.0,
                        num_threads=threads, verbose=-1, seed=7)
        if peer == "lightgbm-quantised":
            settings.update(use_quantized_grad=True, num_grad_quant_bins=16, quant_train_renew_leaf=True)
        start = time.perf_counter()
        data = lightgbm.Dataset(x, y, params=settings).construct()
        trained = lightgbm.train(settings, data, TREES)
    elif peer == "xgboost":
        import xgboost

        settings = dict(objective="reg:squarederror", tree_method="hist", grow_policy="lossguide", max_leaves=63, max_depth=0,
                        eta=0.1, max_bin=256, min_child_weight=20, reg_lambda=1.0, nthread=threads, seed=7)
        start = time.perf_counter()
        trained = xgboost.train(settings, xgboost.QuantileDMatrix(x, y, max_bin=256, nthread=threads), TREES)
    else:
        import catboost

        start = time.perf_counter()
        trained = catboost.CatBoostRegressor(iterations=TREES, depth=6, learning_rate=0.1, l2_leaf_reg=1.0, thread_count=threads,
                                             verbose=False, random_seed=7, allow_writing_files=False)
        trained.fit(x, y)
    seconds, peak = time.perf_counter() - start, peak_mb()
    trained.save_model(model)
    del x, y
    test_x, test_y = rows(test_path)
    if peer == "xgboost":
        predicted = trained.inplace_predict(test_x)
    else:
        predicted = trained.predict(test_x)
    return dict(train_s=seconds, peak_mb=peak, rmse=float(np.sqrt(np.mean((predicted - test_y) ** 2))))


def evaluate(model, test_path):
    x, _ = rows(test_path)
    if peer.startswith("lightgbm"):
        import lightgbm

        loaded = lightgbm.Booster(model_file=model)
        library, fast = lightgbm.basic._LIB, ctypes.c_void_p()
        assert library.LGBM_BoosterPredictForMatSingleRowFastInit(
            loaded._handle, 0, 0, -1, 0, ctypes.c_int32(WIDTH), ctypes.c_char_p(b"num_threads=1"), ctypes.byref(fast)) == 0
        some, length, out = np.ascontiguousarray(x[:20000]), ctypes.c_int64(), (ctypes.c_double * 1)()
        addresses = [ctypes.c_void_p(some.ctypes.data + row * 4 * WIDTH) for row in range(len(some))]
        call = library.LGBM_BoosterPredictForMatSingleRowFast

        def single():
            for address in addresses:
                call(fast, address, ctypes.byref(length), out)

        return dict(single_ns=timed(single, len(some)), batch_ns=timed(lambda: loaded.predict(x, num_threads=1), len(x)))
    if peer == "xgboost":
        import xgboost

        loaded = xgboost.Booster(model_file=model)
        loaded.set_param({"nthread": 1})
        some = [x[row:row + 1] for row in range(500)]
        return dict(single_ns=timed(lambda: [loaded.inplace_predict(row) for row in some], len(some)),
                    batch_ns=timed(lambda: loaded.inplace_predict(x), len(x)))
    import catboost

    loaded = catboost.CatBoostRegressor()
    loaded.load_model(model)
    some = [x[row] for row in range(2000)]
    return dict(single_ns=timed(lambda: [loaded.predict(row, thread_count=1) for row in some], len(some)),
                batch_ns=timed(lambda: loaded.predict(x, thread_count=1), len(x)))


figures = (train if command == "train" else evaluate)(*sys.argv[3:])
print(json.dumps(figures), flush=True)
