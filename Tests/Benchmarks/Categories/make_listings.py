"""Makes listings for a category tree of real size, as training and test files.

    make_listings.py DATA OUT --rows 1000000 --test 20000 --seed 1 [--leaves N]

DATA holds jp_categories.csv (leaves with full paths) and jp_brands.csv. A title is made of words of the leaf's name and of
the names above it, a brand that the branch likes, words that only this leaf or its siblings use, and noise, in any
order; leaves differ in size as in a marketplace (Zipf). Deterministic for a seed.
"""
import argparse
import csv
import os
import random
import re

SYLLABLES = [a + b for a in "カキクケコサシスセソタテトナニネノハヒフヘホマミムメモラリルレロ" for b in ("", "ン", "ー", "ッ")]
NOISE = ["美品", "新品", "送料無料", "中古", "レア", "限定", "値下げ", "即購入OK", "まとめ売り", "未使用", "匿名配送", "人気",
         "大特価", "正規品", "訳あり", "最終値下げ", "希少", "おまけ付き", "セット", "1点もの"]


def word(rng, lengths=(2, 3, 4)):
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice(lengths)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--test", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leaves", type=int, default=0, help="only the first so many, in the file's order")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with open(os.path.join(options.data, "jp_categories.csv"), encoding="utf-8") as file:
        paths = [tuple(part.strip().replace("/", "・") for part in row[2].split(" > ")) for row in list(csv.reader(file))[1:]]
    paths = sorted(set(paths))[: options.leaves or None]
    with open(os.path.join(options.data, "jp_brands.csv"), encoding="utf-8") as file:
        brands = [[name for name in row[1:4] if name] for row in list(csv.reader(file))[1:]]
    brands = [[re.sub(r"[\t\n\r]", " ", name) for name in names] for names in brands if names]
    branch_words, branch_brands, leaf_words = {}, {}, []
    for path in paths:
        branch = path[:-1]
        if branch not in branch_words:
            branch_words[branch] = [word(rng) for _ in range(60)]
            branch_brands[branch] = rng.sample(brands, 40)
        leaf_words.append([word(rng) for _ in range(20)])
    order = list(range(len(paths)))
    rng.shuffle(order)
    weights = [1 / (rank + 20) ** 0.9 for rank in range(len(paths))]
    chosen = rng.choices(order, weights, k=options.rows + options.test)
    noise_words = [word(rng) for _ in range(20_000)]
    parts = [[re.split(r"[・/ 　()（）]+", level) for level in path] for path in paths]

    def title(leaf):
        path, branch = paths[leaf], paths[leaf][:-1]
        words = []
        if rng.random() < 0.6:
            words.append(rng.choice(rng.choice(branch_brands[branch] if rng.random() < 0.8 else brands)))
        if rng.random() < 0.7:
            words.append(rng.choice(parts[leaf][-1]) or path[-1])
        for level in range(len(path) - 1):
            if rng.random() < 0.3:
                words.append(rng.choice(parts[leaf][level]))
        words += rng.choices(leaf_words[leaf], k=rng.choice((0, 1, 1, 2)))
        words += rng.choices(branch_words[branch], k=rng.choice((0, 1, 1, 2)))
        words += rng.choices(NOISE, k=rng.choice((0, 0, 1, 2))) + rng.choices(noise_words, k=rng.choice((0, 1, 2)))
        rng.shuffle(words)
        return " ".join(words) or path[-1]

    os.makedirs(options.out, exist_ok=True)
    for name, part in (("train", chosen[: options.rows]), ("test", chosen[options.rows:])):
        with open(os.path.join(options.out, f"{name}.tsv"), "w", encoding="utf-8") as file:
            file.write("id\ttitle\tcategory\n")
            for number, leaf in enumerate(part):
                file.write(f"{name}-{number}\t{title(leaf)}\t{'/'.join(paths[leaf])}\n")


main()
