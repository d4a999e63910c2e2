"""Makes the toolchain's static ICU smaller, whose data for every language is most of a static Foundation.

usage: slim_icu.py LIBRARY-FOLDER [OUTPUT-FOLDER]

Rewrites lib_FoundationICU.a of the folder, or writes it to the other, with less data: what belongs to no language, and
root and English. Kept are character properties, normalisation, collation, calendars, time zones and number formats, which
is more than the services compute with. Not kept are names of languages, regions and units, transliteration, the
dictionaries that part Thai or Khmer into words, and tables of encodings.

The package of data (ICU's "CmnD", version 1): a header whose size is its first 16 bits; then a count, as many pairs of
offsets (name, data) from there, names in byte order, each ending in a zero byte, and the data, 16 bytes aligned.
Nothing is written unless the whole package, taken apart and put together again, is the same bytes.
"""

import pathlib
import re
import struct
import subprocess
import sys
import tempfile

LIBRARY, MEMBER, SYMBOL = "lib_FoundationICU.a", "icu_packaged_data.cpp.o", r"icudt\d+_dat"
LANGUAGE = re.compile(r"([a-z]{2,3})(_[A-Z].*|__.*|_[0-9]{3}.*)?\.res$")
NOT_NEEDED = re.compile(
    r"/(translit|lang|region|unit|rbnf)/|\.(cnv|dict|spp|cfu)$|/unames\.icu$|/(line|word|sent)_[a-zA-Z_]+\.brk$")
PADDING = b"\xaa"


def fail(reason):
    sys.exit(f"slim_icu.py: {reason}; the toolchain's ICU is not as this script knows it")


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, **options).stdout


def is_kept(name):
    """Whether an item, as in icudt76l/zone/ja.res, is needed."""
    language = LANGUAGE.match(name.split("/")[-1])
    return language[1] == "en" if language else not NOT_NEEDED.search(name)


def read_items(package):
    """The header, and (name, data) of each item."""
    header = struct.unpack_from("<H", package)[0]
    if package[2:4] != b"\xda\x27" or package[12:17] != b"CmnD\x01":
        fail("the data is no package of version 1")
    count = struct.unpack_from("<I", package, header)[0]
    offsets = [struct.unpack_from("<II", package, header + 4 + 8 * number) for number in range(count)]
    ends = [data for _, data in offsets[1:]] + [len(package) - header]
    items = []
    for (name, data), end in zip(offsets, ends):
        name = package[header + name:package.index(b"\0", header + name)].decode()
        items.append((name, package[header + data:header + end]))
    return package[:header], items


def write_items(header, items):
    names = b"".join(name.encode() + b"\0" for name, _ in items)
    place, start = 4 + 8 * len(items), 4 + 8 * len(items) + len(names)
    start += -(len(header) + start) % 16
    offsets, parts, at = [], [], start
    for name, data in items:
        offsets += [place, at]
        place += len(name.encode()) + 1
        parts.append(data + PADDING * (-len(data) % 16))
        at += len(parts[-1])
    table = struct.pack(f"<{1 + len(offsets)}I", len(items), *offsets) + names
    return header + table.ljust(start, PADDING) + b"".join(parts)


def main():
    source = pathlib.Path(sys.argv[1]).resolve() / LIBRARY
    target = pathlib.Path(sys.argv[-1]).resolve() / LIBRARY
    if target != source:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if MEMBER not in run("ar", "t", target).decode().split():
            fail(f"{source} has no {MEMBER}")
        run("ar", "x", target, MEMBER, cwd=folder)
        symbols = [line.split() for line in run("nm", folder / MEMBER).decode().splitlines()]
        if len(symbols) != 1 or not re.fullmatch(SYMBOL, symbols[0][-1]) or symbols[0][1] != "R":
            fail(f"{MEMBER} defines {symbols}")
        run("objcopy", "-O", "binary", "--only-section=.rodata", folder / MEMBER, folder / "all")
        package = (folder / "all").read_bytes()
        header, items = read_items(package)
        if write_items(header, items) != package:
            fail("the package is laid out in another way")
        kept = [(name, data) for name, data in items if is_kept(name)]
        (folder / "kept").write_bytes(write_items(header, kept))
        name = symbols[0][-1]
        (folder / "data.S").write_text(
            f'.section .rodata\n.balign 16\n.globl {name}\n.type {name}, @object\n{name}:\n.incbin "kept"\n'
            f".size {name}, . - {name}\n.section .note.GNU-stack\n")
        run("clang", "-c", "data.S", "-o", MEMBER, cwd=folder)
        run("ar", "rs", target, folder / MEMBER)
        size = (folder / "kept").stat().st_size
        print(f"ICU data: {len(kept)} of {len(items)} items, {size / 1e6:.1f} of {len(package) / 1e6:.1f} MB")


main()
