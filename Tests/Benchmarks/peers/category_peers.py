"""Peers for the category suggester: what a practitioner would train from scikit-learn and fastText.

    category_peers.py TRAIN.tsv TEST.tsv --text name,item_description --label category_name

Prints the top-1, top-3 and top-5 accuracy on TEST and the expected calibration error of the first answer's probability
(15 bins of equal mass), as the bins themselves, of
  lr        multinomial logistic regression on TF-IDF of words (1-2) and characters (2-5)
  svm       linear support vector machines, one against the rest, on the same; a softmax of their decision scores
  fasttext  supervised fastText with word pairs and character n-grams; left out where the module is not installed
Rows without a label are left out; test rows whose label was never trained on count as errors. Words are runs of letters and
digits; where blanks don't part them, as in Japanese, `--segmented` names as many columns with the words parted, of which
word features are made instead. Needs numpy, scipy, scikit-learn, pandas.
"""
import argparse
import csv
import json
import os
import re
import tempfile
import time
import unicodedata

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

try:
    import fasttext
except ImportError:
    fasttext = None


def read(path, text, label):
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE, lineterminator="\n")
    table = table[table[label] != ""]
    fields = [table[name].map(lambda value: unicodedata.normalize("NFKC", value).lower().strip()) for name in text]
    return fields, table[label].to_numpy()


def tfidf(train, test, words, test_words):
    """Each field has a word block and a character block, each row of a block of unit length."""
    parts = []
    for position in range(len(train)):
        top = 5 if position == 0 else 4
        for vectorizer, fit, hold in [
            (TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+"), words, test_words),
            (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, top), min_df=2, sublinear_tf=True), train, test),
        ]:
            parts.append((vectorizer.fit_transform(fit[position]), vectorizer.transform(hold[position])))
    return tuple(sp.hstack(side).tocsr() for side in zip(*parts))


def reliability(probability, correct, bins=15):
    """Rows, mean probability and accuracy of each bin."""
    order = np.argsort(probability, kind="stable")
    return [{"rows": len(part), "probability": float(probability[part].mean()), "accuracy": float(correct[part].mean())}
            for part in np.array_split(order, bins) if len(part)]


def report(classes, probabilities, truth, seconds):
    ranked = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    hits = np.asarray(classes)[ranked] == truth[:, None]
    result = {f"top{k}": round(float(hits[:, :k].any(axis=1).mean()), 4) for k in (1, 3, 5)}
    result["bins"] = reliability(probabilities.max(axis=1), hits[:, 0])
    return result | {"seconds": round(seconds, 1)}


def logistic_regression(train, labels, test, cost):
    model = LogisticRegression(C=cost, max_iter=200).fit(train, labels)
    return model.classes_, model.predict_proba(test)


def support_vectors(train, labels, test, cost):
    model = LinearSVC(C=cost).fit(train, labels)
    scores = model.decision_function(test)
    if scores.ndim == 1:
        scores = np.stack([-scores, scores], axis=1)
    return model.classes_, softmax(scores, axis=1)


def fast_text(train, labels, test, arguments):
    """Reads the words alone; word pairs and character n-grams are fastText's own."""
    names = sorted(set(labels))
    position = {name: index for index, name in enumerate(names)}
    lines = lambda rows: [" ".join(re.findall(r"\w+", " ".join(row))) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train.txt")
        with open(path, "w", encoding="utf-8") as file:
            for label, line in zip(labels, lines(zip(*train))):
                file.write(f"__label__{position[label]} {line}\n")
        model = fasttext.train_supervised(path, lr=arguments.fasttext_rate, epoch=arguments.fasttext_epochs, dim=100,
                                          wordNgrams=2, minn=2, maxn=5, bucket=200_000, loss="softmax", thread=1,
                                          seed=1, verbose=0)
    probabilities = np.zeros((len(test[0]), len(names)))
    for row, line in enumerate(lines(zip(*test))):
        # The binding's own `predict` does not work with NumPy 2.
        for probability, label in model.f.predict(line + "\n", len(names), 0.0, "strict"):
            probabilities[row, int(label.removeprefix("__label__"))] = probability
    return names, probabilities


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--text", required=True, help="columns, parted by commas; the title first")
    parser.add_argument("--label", required=True)
    parser.add_argument("--segmented", help="the same columns with their words parted by blanks")
    parser.add_argument("--peers", default="lr,svm,fasttext")
    parser.add_argument("--lr-cost", type=float, default=10)
    parser.add_argument("--svm-cost", type=float, default=0.5)
    parser.add_argument("--fasttext-epochs", type=int, default=50)
    parser.add_argument("--fasttext-rate", type=float, default=0.5)
    arguments = parser.parse_args()
    columns = arguments.text.split(",")
    train, labels = read(arguments.train, columns, arguments.label)
    test, truth = read(arguments.test, columns, arguments.label)
    segmented = arguments.segmented.split(",") if arguments.segmented else columns
    if len(segmented) != len(columns):
        parser.error("--segmented names as many columns as --text")
    words, test_words = (read(path, segmented, arguments.label)[0] for path in (arguments.train, arguments.test))
    matrix, test_matrix = tfidf(train, test, words, test_words)
    peers = {
        "lr": lambda: logistic_regression(matrix, labels, test_matrix, arguments.lr_cost),
        "svm": lambda: support_vectors(matrix, labels, test_matrix, arguments.svm_cost),
        "fasttext": lambda: fast_text(words, labels, test_words, arguments),
    }
    results = {"rows": len(truth), "labels": len(set(labels))}
    for name in arguments.peers.split(","):
        if name == "fasttext" and fasttext is None:
            results[name] = "skipped: the module fasttext is not installed"
            continue
        start = time.monotonic()
        classes, probabilities = peers[name]()
        results[name] = report(classes, probabilities, truth, time.monotonic() - start)
        print(name, {key: results[name][key] for key in ("top1", "top3", "top5")}, flush=True)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
