"""Peer for the violation checker: what a practitioner would train from scikit-learn.

    violation_peers.py TRAIN.tsv TEST.tsv --columns 'title=title,violation=violation'

Logistic regression on TF-IDF of words (1-2) and characters (2-5); a row violates when its `violation` column is
neither empty nor 0. Prints, on TEST and for each inverse penalty C that is asked for,
  average_precision        area under the precision-recall curve
  recall                   the highest recall at a precision of at least --precision (0.99)
  accuracy                 at probability 0.5
as JSON, or with --table as a row of the benchmark's table.
Needs numpy, scipy, scikit-learn, pandas.
"""
import argparse
import csv
import json
import unicodedata

import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve


def read(path, columns):
    """The normalised text (title and description) of every row, and 1 where it violates."""
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
    return text, fields["violation"].map(lambda value: int(value not in ("", "0"))).to_numpy()


def text_matrix(train, test):
    vectorizers = [TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\w+"),
                   TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)]
    parts = [(vectorizer.fit_transform(train), vectorizer.transform(test)) for vectorizer in vectorizers]
    return tuple(sp.hstack(side).tocsr() for side in zip(*parts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--columns", default="title=title,violation=violation")
    parser.add_argument("--penalty", type=float, nargs="+", default=[1.0, 10.0], metavar="C")
    parser.add_argument("--precision", type=float, default=0.99)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    (train, train_y), (test, truth) = read(arguments.train, arguments.columns), read(arguments.test, arguments.columns)
    train_x, test_x = text_matrix(train, test)
    for penalty in arguments.penalty:
        model = LogisticRegression(C=penalty, solver="liblinear", tol=1e-3).fit(train_x, train_y)
        scores = model.predict_proba(test_x)[:, 1]
        precision, recall, _ = precision_recall_curve(truth, scores)
        figures = {
            "rows": len(test), "violations": int(truth.sum()), "C": penalty,
            "average_precision": round(float(average_precision_score(truth, scores)), 4),
            "precision": arguments.precision,
            "recall": round(float(recall[precision >= arguments.precision].max()), 4),
            "accuracy": round(float(((scores >= 0.5) == truth).mean()), 4)}
        if arguments.table:
            print("%-34s%7d %7d  %.4f  %.4f  %.4f" % (
                "peer, C=%g" % penalty, figures["rows"], figures["violations"], figures["average_precision"],
                figures["recall"], figures["accuracy"]), flush=True)
        else:
            print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
