"""Strips programs of most symbols, so that what is left makes a backtrace readable at a fraction of the size.

usage: slim_symbols.py PROGRAM ...

Functions of this package and of those that it builds on keep their names. Those that the compiler made (thunks, witnesses,
accessors of metadata) and those inside Foundation, ICU and BoringSSL, of which there are four times as many, are called
by what they belong to, one name for all that lie side by side: a frame in one is never given another function's name.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

COMPILED = re.compile(
    r"\$s.*(w[a-zA-Z]{2}|M[a-zA-Z]|W[a-zA-Z]+|TW|Tm|T[ARL]|TR[a-zA-Z0-9_]*|vau|vp[fM][a-zA-Z]*|pfi|fi|Z)$")
INSIDE = [
    ("(compiled)", COMPILED),
    ("(Foundation)", re.compile(r"\$s(10Foundation|20FoundationEssentials|22_FoundationCollections)|_?_?CF[A-Z]")),
    ("(Foundation)", re.compile(r"\$s(33FoundationInternationalization|So)")),
    ("(BoringSSL)", re.compile(r"_?_?C(NIO|Crypto)BoringSSL|_ZN4bssl")),
    ("(C++)", re.compile(r"_Z")),
]


def place(name):
    """What a function belongs to, or None where its own name is of use."""
    return next((inside for inside, pattern in INSIDE if pattern.match(name)), None)


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()


def slim(program, folder):
    functions = []
    for line in run("nm", "--numeric-sort", "--defined-only", "--format=posix", program).splitlines():
        name, kind, address, *_ = line.split()
        if kind in "Tt":
            functions.append((name, place(name)))
    kept, renamed, before = set(), {}, None
    for name, inside in functions:
        if inside is None:
            kept.add(name)
        elif inside != before:
            renamed[name] = inside
        before = inside
    (folder / "kept").write_text("\n".join(kept | set(renamed.values())) + "\n")
    (folder / "renamed").write_text("".join(f"{old} {new}\n" for old, new in renamed.items()))
    before = pathlib.Path(program).stat().st_size
    run("llvm-objcopy", f"--redefine-syms={folder}/renamed", program)
    run("llvm-objcopy", "--strip-all", f"--keep-symbols={folder}/kept", program)
    after = pathlib.Path(program).stat().st_size
    print(f"{program}: {len(kept)} of {len(functions)} functions keep their names, {before / 1e6:.1f} to {after / 1e6:.1f} MB")


with tempfile.TemporaryDirectory() as folder:
    for program in sys.argv[1:]:
        slim(program, pathlib.Path(folder))
