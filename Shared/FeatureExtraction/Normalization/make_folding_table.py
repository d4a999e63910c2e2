#!/usr/bin/env python3
"""Writes FoldingTable+Data.swift from Python's copy of the Unicode Character Database.

usage: make_folding_table.py > FoldingTable+Data.swift

Each line of `foldings` maps scalars to NFKC(casefold(NFKC(scalar))): `first,count,stride,image` for a run that maps to
scalars one stride apart each, or `first=a b c` for one that maps to several (or, with nothing after `=`, to none). Each
line of `compositions` is `base,mark,composite` of canonical composition. Numbers are hexadecimal.
"""
import sys
import unicodedata as u


def fold(c):
    once = u.normalize("NFKC", u.normalize("NFKC", chr(c)).casefold())
    return [ord(x) for x in u.normalize("NFKC", once.casefold())]


IGNORED = {0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0} | set(range(0x180B, 0x1810)) \
    | set(range(0x200B, 0x2010)) | set(range(0x202A, 0x202F)) | set(range(0x2060, 0x2070)) | set(range(0xFE00, 0xFE10)) \
    | {0xFEFF} | set(range(0xFFF0, 0xFFF9)) | set(range(0xE0000, 0xE1000))
single, several = {}, {}
for c in [*range(0x80, 0xD800), *range(0xE000, 0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE1000)]:
    image = [] if c in IGNORED else fold(c)
    if image == [c]:
        continue
    if len(image) == 1:
        single[c] = image[0]
    elif image or c < 0xE0000:
        several[c] = image

lines, todo = [], sorted(single)
done = set()
for c in todo:
    if c in done:
        continue
    best = (1, 1)
    for stride in (1, 2):
        n = 1
        while c + n * stride not in done and single.get(c + n * stride) == single[c] + n * stride:
            n += 1
        if n > best[0]:
            best = (n, stride)
    n, stride = best
    done.update(c + i * stride for i in range(n))
    lines.append(f"{c:x},{n:x},{stride:x},{single[c]:x}")
lines += [f"{c:x}=" + " ".join(f"{x:x}" for x in image) for c, image in sorted(several.items())]

pairs = []
for c in range(0x80, 0x20000):
    d = u.decomposition(chr(c))
    if d and not d.startswith("<") and u.normalize("NFC", chr(c)) == chr(c):
        parts = [int(x, 16) for x in d.split()]
        if len(parts) == 2 and u.combining(chr(parts[1])) and fold(c) == [c]:
            pairs.append(f"{parts[0]:x},{parts[1]:x},{c:x}")


def literal(name, rows):
    out, line = [f'    static let {name}: StaticString = """'], ""
    for row in rows:
        if len(line) + len(row) + 1 > 100:
            out.append("        " + line + ";\\")
            line = ""
        line += (";" if line else "") + row
    return "\n".join(out + ["        " + line, '        """'])


sys.stdout.write(f"""// Made by make_folding_table.py from Unicode {u.unidata_version}; do not edit.

extension FoldingTable {{
{literal("foldings", lines)}

{literal("compositions", pairs)}
}}
""")
