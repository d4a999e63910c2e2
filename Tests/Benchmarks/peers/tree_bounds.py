"""What trees are to keep, as figures of this project over a peer's."""
from dataclasses import dataclass


@dataclass
class Bound:
    what: str
    value: float | None
    most: float
    pattern: str = "%.3f"

    def verdict(self):
        if self.value is None:
            return f"no figures  {self.what}"
        judged = "kept  " if self.value <= self.most else "MISSED"
        return f"{judged}  {self.what}: {self.pattern % self.value} (at most {self.pattern % self.most})"


def bounds(trains, median, values):
    """`median(label, program, figure)` and `values(...)` give figures, None and [] where there are none."""

    def ratio(label, key, most, name="ours", peers=("lightgbm",), title=None):
        ours = median(label, name, key)
        others = [found for peer in peers if (found := median(label, peer, key)) is not None]
        what = f"{label}: {title or key}, {name} over {' or '.join(peers)}"
        return Bound(what, ours / min(others) if ours is not None and others else None, most)

    def worst(what, key, most, labels, pattern, names=("ours", "ours-symmetric")):
        found = [value for label in labels for name in names for value in values(label, name, key)]
        return Bound(what, max(found, default=None), most, pattern)

    sizes = [train.removeprefix("train") for train in trains]
    labels = [f"{size} {kind}" for size in sizes for kind in ("codes", "means")]
    for size in sizes:
        codes = f"{size} codes"
        yield ratio(codes, "train_s", 0.7, title="training time")
        yield ratio(codes, "peak_mb", 1, title="peak memory")
        yield ratio(codes, "rmse", 1.005, title="test RMSE")
        yield ratio(codes, "single_ns", 0.18, title="one row")
        yield ratio(codes, "batch_ns", 0.2, title="batch")
        if size == "200k":
            for compiler in ("lleaves", "tl2cgen"):
                yield ratio(codes, "single_ns", 1, peers=(compiler,), title="one row")
    for size in sizes:
        for kind in ("codes", "means"):
            label, symmetric = f"{size} {kind}", dict(name="ours-symmetric", peers=("catboost",))
            if size == "200k":
                yield ratio(label, "train_s", 1, title="training time", **symmetric)
                yield ratio(label, "rmse", 1, title="test RMSE", **symmetric)
                yield ratio(label, "batch_ns", 1, title="batch", **symmetric)
                yield Bound(f"{label}: one row ns, ours-symmetric", median(label, "ours-symmetric", "single_ns"), 1500, "%.0f")
        peers = ("catboost", "lightgbm", "xgboost")
        yield ratio(f"{size} means", "rmse", 1, name="ours-symmetric", peers=peers, title="test RMSE")
    yield worst("predictions that differ from the plain path's", "rows_that_differ", 0, labels, "%.0f")
    yield worst("contributions' sum less the prediction", "explain_error", 1e-6, labels, "%.1e")
    yield worst("explanation of a row, us", "explain_us", 3000, labels, "%.0f")
    for label in labels:
        for name in ("ours", "ours-symmetric"):
            found = values(label, name, "rmse")
            if len(found) > 1:
                yield Bound(f"{label}: other RMSE in another run, {name}", len(set(found)) - 1, 0, "%.0f")
    yield Bound("damaged files that were not read to the end", *fuzzed(values))


def fuzzed(values):
    files = values("", "ours", "files")
    return (1_000_000 - files[0] if files else None), 0, "%.0f"
