"""Says the size and the root, in hexadecimal digits, of the log whose entry bundles are named, as pymerkle makes it of them."""

import sys

from pymerkle import InmemoryTree

tree = InmemoryTree(algorithm="sha256")
for path in sys.argv[1:]:
    with open(path, "rb") as bundle:
        while length := bundle.read(2):
            tree.append_entry(bundle.read(int.from_bytes(length, "big")))
print(tree.get_size(), tree.get_state().hex())
