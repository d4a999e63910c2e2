"""Peers for the price suggester: what a practitioner would train from scikit-learn and LightGBM.

    price_peers.py TRAIN.tsv TEST.tsv --columns 'title=name+model,brand=brand,price=price_jpy'

Prints the root mean squared logarithmic error (log1p of the price) on TEST of
  ridge  ridge regression on TF-IDF of words (1-2) and characters (2-5), with one-hot structured fields
  lgbm   LightGBM on TF-IDF words and the structured fields
  stack  out-of-fold ridge predictions fed to LightGBM with the structured fields and the words
Training rows whose price is not positive are left out; test rows are all kept.
Needs numpy, scipy, scikit-learn, lightgbm, pandas.
"""
import argparse
import csv
import json
import unicodedata

import lightgbm as lgb
import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.preprocessing import OneHotEncoder

TEXT = ["title", "description"]
STRUCTURED = ["brand", "category", "condition", "shipping_payer"]


def read(path, columns):
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE, lineterminator="\n")
    fields = {}
    for part in columns.split(","):
        if ":=" in part:
            continue
        field, source = part.split("=")
        names = source.split("+")
        fields[field] = table[names[0]].str.cat([table[n] for n in names[1:]], sep=" ") if names[1:] else table[names[0]]
    frame = pd.DataFrame(fields)
    for name in TEXT + STRUCTURED:
        if name not in frame:
            frame[name] = ""
        frame[name] = frame[name].map(lambda text: unicodedata.normalize("NFKC", text).lower().strip())
    frame["price"] = frame["price"].astype(float)
    return frame


def rmsle(truth, predicted):
    return float(np.sqrt(np.mean((truth - predicted) ** 2)))


def text_matrix(train, test, characters):
    parts = []
    for name in TEXT + ["brand"]:
        if not train[name].str.len().any():
            continue
        vectorizers = [TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+")]
        if characters:
            top = 5 if name != "description" else 4
            vectorizers.append(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, top), min_df=3, sublinear_tf=True))
        for vectorizer in vectorizers:
            parts.append((vectorizer.fit_transform(train[name]), vectorizer.transform(test[name])))
    encoder = OneHotEncoder(handle_unknown="ignore", min_frequency=3)
    levels = lambda frame: pd.concat(
        [frame[STRUCTURED], frame["category"].str.split("/", expand=True, n=2).reindex(columns=range(3)).astype(object).fillna("")
         .rename(columns=lambda level: f"category{level}")], axis=1)
    parts.append((encoder.fit_transform(levels(train)), encoder.transform(levels(test))))
    return tuple(sp.hstack(side).tocsr().astype(np.float32) for side in zip(*parts))


def fit_ridge(matrix, target, folds):
    """The penalty is chosen by cross-validation; returns the model, its out-of-fold predictions."""
    best = None
    for alpha in [1.0, 2.0, 4.0, 8.0]:
        out = np.zeros(len(target))
        for fit, hold in folds:
            out[hold] = Ridge(alpha=alpha, solver="sparse_cg", tol=1e-3).fit(matrix[fit], target[fit]).predict(matrix[hold])
        score = rmsle(target, out)
        if best is None or score < best[0]:
            best = (score, alpha, out)
    return Ridge(alpha=best[1], solver="sparse_cg", tol=1e-3).fit(matrix, target), best[2]


def codes(train, test):
    columns = []
    for name in STRUCTURED:
        levels = {level: code for code, level in enumerate(sorted(set(train[name])))}
        columns.append(([levels[value] for value in train[name]], [levels.get(value, -1) for value in test[name]]))
    return tuple(np.array(side, dtype=np.float32).T for side in zip(*columns))


def fit_lgbm(train_x, target, test_x, folds, threads, categorical):
    """Rounds come from early stopping on cross-validation; the final model sees every row."""
    parameters = dict(objective="l2", learning_rate=0.05, num_leaves=63, min_data_in_leaf=20, feature_fraction=0.5,
                      bagging_fraction=0.8, bagging_freq=1, lambda_l2=1.0, verbose=-1, seed=1, num_threads=threads)
    data = lambda rows: lgb.Dataset(train_x[rows], target[rows], categorical_feature=categorical, free_raw_data=False)
    fit, hold = folds[0]
    stopper = [lgb.early_stopping(50, verbose=False)]
    rounds = lgb.train(parameters, data(fit), 2000, valid_sets=[data(hold)], callbacks=stopper).best_iteration
    everything = np.arange(len(target))
    return lgb.train(parameters, data(everything), int(rounds * 1.1)).predict(test_x)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--columns", required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    train, test = read(arguments.train, arguments.columns), read(arguments.test, arguments.columns)
    train = train[train["price"] > 0].reset_index(drop=True)
    target, truth = np.log1p(train["price"].to_numpy()), np.log1p(test["price"].to_numpy())
    folds = list(KFold(5, shuffle=True, random_state=1).split(train))

    full, full_test = text_matrix(train, test, characters=True)
    ridge, out = fit_ridge(full, target, folds)
    ridge_test = ridge.predict(full_test)
    words, words_test = text_matrix(train, test, characters=False)
    dense, dense_test = codes(train, test)
    wide = sp.hstack([sp.csr_matrix(dense), words]).tocsr()
    wide_test = sp.hstack([sp.csr_matrix(dense_test), words_test]).tocsr()
    alone = fit_lgbm(wide, target, wide_test, folds, arguments.threads, [])
    stacked = fit_lgbm(sp.hstack([sp.csr_matrix(out[:, None]), wide]).tocsr(), target,
                       sp.hstack([sp.csr_matrix(ridge_test[:, None]), wide_test]).tocsr(), folds, arguments.threads, [])
    print(json.dumps({"rows": len(test), "ridge": round(rmsle(truth, ridge_test), 4),
                      "lgbm": round(rmsle(truth, alone), 4), "stack": round(rmsle(truth, stacked), 4)}))


if __name__ == "__main__":
    main()
