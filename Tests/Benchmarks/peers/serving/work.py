"""The model work of the serving peers: MeCab through fugashi, hashed TF-IDF, a ridge regression, LightGBM.

    work.py TRAIN.tsv MODEL        trains on a file with the columns title, brand and price, and writes MODEL

The price service does this much and more: three ridge regressions over words, word pairs and characters, three sets of
trees, similar listings and reasons. A peer that did as much would be slower than what is measured here.
"""
import csv
import pickle
import sys
import unicodedata

import fugashi
import ipadic
import lightgbm
import numpy
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import Ridge

TREES, LEAVES = 300, 31
_tagger = fugashi.GenericTagger(ipadic.MECAB_ARGS)


def words(text):
    return [word.surface for word in _tagger(unicodedata.normalize("NFKC", text).lower())]


class PriceModel:
    def __init__(self):
        self.hashing = HashingVectorizer(analyzer=words, n_features=2**18, norm=None, alternate_sign=False)
        self.idf = TfidfTransformer(sublinear_tf=True)
        self.ridge = Ridge(alpha=3.0, solver="sag", max_iter=50)
        self.boosters = []

    def rows(self, texts):
        matrix = self.idf.transform(self.hashing.transform(texts))
        ridge = self.ridge.predict(matrix)
        shape = [(len(text), text.count(" "), sum(c.isdigit() for c in text)) for text in texts]
        return numpy.column_stack([ridge, numpy.array(shape, dtype=float)])

    def train(self, texts, prices):
        target = numpy.log1p(prices)
        matrix = self.idf.fit_transform(self.hashing.transform(texts))
        self.ridge.fit(matrix, target)
        rows = self.rows(texts)
        for objective in [{"objective": "l2"}, {"objective": "quantile", "alpha": 0.1}, {"objective": "quantile", "alpha": 0.9}]:
            settings = {"num_leaves": LEAVES, "learning_rate": 0.05, "verbose": -1, "num_threads": 1, **objective}
            booster = lightgbm.train(settings, lightgbm.Dataset(rows, target), TREES)
            self.boosters.append(booster.model_to_string())

    def ready(self):
        self.loaded = [lightgbm.Booster(model_str=text, params={"num_threads": 1}) for text in self.boosters]
        return self

    def suggest(self, listing):
        rows = self.rows([f"{listing.get('title', '')} {listing.get('brand', '')}"])
        price, low, high = (float(numpy.expm1(b.predict(rows, num_threads=1)[0])) for b in self.loaded)
        return {"price": price, "low": low, "high": high}


def load(path):
    # Pickled by a program in which this module was the main one.
    sys.modules["__main__"].PriceModel = PriceModel
    sys.modules["__main__"].words = words
    with open(path, "rb") as file:
        return pickle.load(file).ready()


def main(train, path):
    with open(train, encoding="utf-8") as file:
        listings = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    model = PriceModel()
    texts = [f"{row['title']} {row['brand']}" for row in listings]
    model.train(texts, numpy.array([float(row["price"]) for row in listings]))
    with open(path, "wb") as file:
        pickle.dump(model, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
