"""Makes a bundle that a service must refuse or take as it is, from a good one.

usage: alter_bundle.py dictionary|format|enlarge|flip BUNDLE

dictionary  the manifest says that it was trained with another dictionary
format      the manifest says that a later program wrote it
enlarge     two more gigabytes of weights
flip        one bit of those is wrong
"""

import hashlib
import json
import pathlib
import sys

GIGABYTES = 2
NAME = "synthetic-weights.bin"
what, bundle = sys.argv[1], pathlib.Path(sys.argv[2])
manifest = json.loads((bundle / "manifest.json").read_text())


def write_manifest():
    data = (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
    (bundle / "manifest.json").write_bytes(data)
    (bundle / "manifest.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  manifest.json\n")


if what == "dictionary":
    digest = manifest["dictionary_digest"]
    manifest["dictionary_digest"] = digest[::-1] if digest[::-1] != digest else "0" * len(digest)
    write_manifest()
elif what == "format":
    manifest["format_version"] += 1
    write_manifest()
elif what == "enlarge":
    block = hashlib.shake_256(b"weights").digest(1 << 20)
    digest, size = hashlib.sha256(), 0
    with open(bundle / NAME, "wb") as file:
        for number in range(GIGABYTES << 10):
            part = number.to_bytes(8, "little") + block[8:]
            file.write(part)
            digest.update(part)
            size += len(part)
    manifest["files"].append({"name": NAME, "bytes": size, "sha256": digest.hexdigest()})
    manifest["files"].sort(key=lambda entry: entry["name"].encode())
    write_manifest()
elif what == "flip":
    with open(bundle / NAME, "r+b") as file:
        file.seek(GIGABYTES << 29)
        byte = file.read(1)[0]
        file.seek(GIGABYTES << 29)
        file.write(bytes([byte ^ 1]))
else:
    sys.exit(__doc__)
