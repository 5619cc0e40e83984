"""One file of many: a JSON head that names parts, then their bytes; all of it compressed."""

import gzip
import json
import struct


class Container:
    def __init__(self):
        self.blob = bytearray()
        self.places = {}

    def part(self, data: bytes):
        """Adds bytes and returns their place; the same bytes are kept once."""
        if data not in self.places:
            self.places[data] = [len(self.blob), len(data)]
            self.blob += data
        return self.places[data]

    def write(self, path, head):
        text = json.dumps(head, separators=(",", ":")).encode()
        # Without a time, so that the same parts make the same file.
        with open(path, "wb") as file:
            file.write(gzip.compress(struct.pack("<I", len(text)) + text + bytes(self.blob), 9, mtime=0))
