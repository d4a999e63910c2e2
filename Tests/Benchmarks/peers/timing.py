"""What the peers of the trees are timed by."""
import time


def timed(work, count, least=1.5):
    """Nanoseconds for one of `count` rows: the median over `least` seconds, one run at the least."""
    seconds = []
    while sum(seconds) < least:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[len(seconds) // 2] / count * 1e9
