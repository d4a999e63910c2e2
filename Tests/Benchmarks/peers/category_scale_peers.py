"""Peers of the category suggester on titles whose words are parted by blanks.

    category_scale_peers.py PEERS FOLDER

PEERS, parted by commas: fasttext (hierarchical softmax, two threads), fasttext-softmax (over all leaves), svm (linear, one
leaf against the rest, on TF-IDF of words and characters). FOLDER holds train.tsv and test.tsv (id, title, category). Prints
seconds of training and accuracy.
"""
import os
import sys
import time

import numpy as np


def read(path):
    rows = [line.split("\t") for line in open(path, encoding="utf-8").read().split("\n")[1:] if line]
    return [row[1] for row in rows], [row[2] for row in rows]


def report(name, seconds, top1, top5):
    print("    %s: %.0f s, top 1 %.4f, top 5 %.4f" % (name, seconds, top1, top5), flush=True)


def fast_text(name, train, labels, test, truth, folder):
    try:
        import fasttext
    except ImportError:
        print("    fasttext: skipped, the module is not installed", flush=True)
        return
    names = sorted(set(labels))
    position = {label: index for index, label in enumerate(names)}
    path = os.path.join(folder, "fasttext.txt")
    with open(path, "w", encoding="utf-8") as file:
        for title, label in zip(train, labels):
            file.write(f"__label__{position[label]} {title.lower()}\n")
    start = time.monotonic()
    model = fasttext.train_supervised(
        path, lr=0.5, epoch=5, dim=100, wordNgrams=1, minn=0, maxn=0, thread=2, verbose=0,
        loss="softmax" if name.endswith("softmax") else "hs")
    seconds = time.monotonic() - start
    hits1 = hits5 = 0
    for title, label in zip(test, truth):
        found = [int(item.removeprefix("__label__")) for _, item in model.f.predict(title.lower() + "\n", 5, 0.0, "strict")]
        hits1 += found[:1] == [position.get(label)]
        hits5 += position.get(label) in found
    report(name, seconds, hits1 / len(test), hits5 / len(test))


def support_vectors(train, labels, test, truth):
    import scipy.sparse as sp
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    start = time.monotonic()
    parts = [TfidfVectorizer(token_pattern=r"\S+"), TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 5), min_df=2)]
    matrix = sp.hstack([part.fit_transform(train) for part in parts]).tocsr()
    model = LinearSVC(C=0.5).fit(matrix, labels)
    seconds = time.monotonic() - start
    scores = model.decision_function(sp.hstack([part.transform(test) for part in parts]).tocsr())
    ranked = model.classes_[np.argsort(-scores, axis=1)[:, :5]]
    hits = ranked == np.array(truth)[:, None]
    report("svm, one against the rest", seconds, hits[:, 0].mean(), hits.any(axis=1).mean())


def main():
    peers, folder = sys.argv[1:]
    train, labels = read(os.path.join(folder, "train.tsv"))
    test, truth = read(os.path.join(folder, "test.tsv"))
    for name in peers.split(","):
        if name == "svm":
            support_vectors(train, labels, test, truth)
        else:
            fast_text(name, train, labels, test, truth, folder)


main()
