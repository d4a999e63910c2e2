"""Peer for the tag suggester: what a practitioner would train from scikit-learn.

    tag_peers.py TRAIN.tsv TEST.tsv --columns 'title=name,tags=groups'

One-versus-rest logistic regression on TF-IDF of words (1-2) and characters (2-5), tags parted by `|`. Prints, on TEST,
  average_precision  the mean over tags of the area under the precision-recall curve
  micro_f1, macro_f1 of the tags whose probability is at least 0.5
for each inverse penalty C that is asked for. Tags that TRAIN lacks, or that every row of it has, are scored 0 or 1;
tags that no row of TEST has are left out of both means. Needs numpy, scipy, scikit-learn, pandas.
"""
import argparse
import csv
import json
import unicodedata

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer


def read(path, columns):
    """The normalised text (title and description) and the set of tags of every row."""
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE, lineterminator="\n")
    fields = {}
    for part in columns.split(","):
        if ":=" in part:
            continue
        field, source = part.split("=")
        names = source.split("+")
        fields[field] = table[names[0]].str.cat([table[n] for n in names[1:]], sep=" ") if names[1:] else table[names[0]]
    text = fields["title"]
    if "description" in fields:
        text = text.str.cat(fields["description"], sep=" ")
    text = text.map(lambda value: unicodedata.normalize("NFKC", value).lower().strip())
    return text, [[tag for tag in value.split("|") if tag] for value in fields["tags"]]


def text_matrix(train, test):
    vectorizers = [TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+"),
                   TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)]
    parts = [(vectorizer.fit_transform(train), vectorizer.transform(test)) for vectorizer in vectorizers]
    return tuple(sp.hstack(side).tocsr() for side in zip(*parts))


def probabilities(train_x, train_y, test_x, penalty):
    columns = []
    for target in train_y.T:
        if target.min() == target.max():
            columns.append(np.full(test_x.shape[0], float(target[0])))
            continue
        model = LogisticRegression(C=penalty, solver="liblinear", tol=1e-3).fit(train_x, target)
        columns.append(model.predict_proba(test_x)[:, 1])
    return np.column_stack(columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--columns", required=True)
    parser.add_argument("--penalty", type=float, nargs="+", default=[1.0, 4.0, 16.0], metavar="C")
    arguments = parser.parse_args()
    (train, train_tags), (test, test_tags) = read(arguments.train, arguments.columns), read(arguments.test, arguments.columns)
    binarizer = MultiLabelBinarizer().fit(train_tags + test_tags)
    train_y, truth = binarizer.transform(train_tags), binarizer.transform(test_tags)
    train_x, test_x = text_matrix(train, test)
    seen = truth.any(axis=0)
    for penalty in arguments.penalty:
        scores = probabilities(train_x, train_y, test_x, penalty)
        chosen = scores >= 0.5
        print(json.dumps({
            "rows": len(test), "tags": int(seen.sum()), "C": penalty,
            "average_precision": round(float(average_precision_score(truth[:, seen], scores[:, seen], average="macro")), 4),
            "micro_f1": round(float(f1_score(truth, chosen, average="micro")), 4),
            "macro_f1": round(float(f1_score(truth[:, seen], chosen[:, seen], average="macro")), 4)}), flush=True)


if __name__ == "__main__":
    main()
