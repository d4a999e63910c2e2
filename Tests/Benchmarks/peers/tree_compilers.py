#!/usr/bin/env python3
"""Compiles a LightGBM model with one peer, or times what it made on one thread; prints one JSON line.

usage: tree_compilers.py compile PEER LIGHTGBM_MODEL OUT
       tree_compilers.py evaluate PEER LIGHTGBM_MODEL OUT TEST_X.f32
PEER: lleaves or tl2cgen. OUT is where the compiled code goes. Single rows are asked through the compiled function itself.
Rows are row-major Float32, 60 values.
"""
import ctypes
import json
import sys
import time

import numpy as np
from timing import timed

WIDTH, SOME = 60, 20_000
command, peer, model, out = sys.argv[1:5]


def compiled_by_lleaves():
    import lleaves

    loaded = lleaves.Model(model_file=model)
    loaded.compile(cache=out)
    return loaded


def compile_model():
    start = time.perf_counter()
    if peer == "lleaves":
        compiled_by_lleaves()
    else:
        import tl2cgen
        import treelite

        tl2cgen.export_lib(
            treelite.frontend.load_lightgbm_model(model), toolchain="gcc", libpath=f"{out}.so", params={"parallel_comp": 64})
    return dict(compile_s=time.perf_counter() - start)


def evaluate(test_path):
    x = np.fromfile(test_path, "<f4").reshape(-1, WIDTH).astype(np.float64)
    result = (ctypes.c_double * 1)()
    if peer == "lleaves":
        loaded = compiled_by_lleaves()
        function = loaded._c_entry_func
        number = ctypes.POINTER(ctypes.c_double)
        rows = [ctypes.cast(x.ctypes.data + row * 8 * WIDTH, number) for row in range(SOME)]

        def single():
            for row in rows:
                function(row, result, 0, 1)

        return dict(single_ns=timed(single, SOME), batch_ns=timed(lambda: loaded.predict(x, n_jobs=1), len(x)))
    import tl2cgen

    predictor = tl2cgen.Predictor(f"{out}.so", nthread=1)
    library = ctypes.CDLL(f"{out}.so")
    # Its rows are unions of a float or double value and a mark for missing ones; none is missing here.
    rows = [ctypes.c_void_p(x.ctypes.data + row * 8 * WIDTH) for row in range(SOME)]

    def single():
        for row in rows:
            library.predict(row, 0, result)

    matrix = tl2cgen.DMatrix(x, dtype="float64")
    return dict(single_ns=timed(single, SOME), batch_ns=timed(lambda: predictor.predict(matrix), len(x)))


print(json.dumps(compile_model() if command == "compile" else evaluate(sys.argv[5])), flush=True)
