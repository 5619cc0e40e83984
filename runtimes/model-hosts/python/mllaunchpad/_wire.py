"""Messages of the host protocol (docs/reference/host-protocol.md) over two file descriptors."""

import json
import os
import struct
import sys
import threading

MAGIC = 0x0148504C
PREFIX = struct.Struct("<IIQ")
SMALL = 1 << 14


def align(size):
    return (size + 7) & ~7


def encode(header, buffers=()):
    """Encodes a message as one bytes object; `header` is a dict, or JSON text that ends with a brace."""
    return b"".join(pieces(header, buffers))


def pieces(header, buffers=()):
    """Lists the bytes of a message in order, without copying large buffers."""
    text = header if isinstance(header, str) else json.dumps(header, separators=(",", ":"))
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    if views:
        sizes = ",".join(str(len(view)) for view in views)
        text = '%s,"buffers":[%s]}' % (text[:-1], sizes)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        # Half of a surrogate pair: JSON can escape it.
        data = json.dumps(json.loads(text), separators=(",", ":")).encode("ascii")
    body = 0
    parts = []
    for view in views:
        gap = align(body) - body
        if gap:
            parts.append(bytes(gap))
        parts.append(view)
        body += gap + len(view)
    return [PREFIX.pack(MAGIC, len(data), body), data, *parts]


def decode(data):
    """Splits the bytes of one message into its header and its buffers, which are views of them."""
    view = memoryview(data).cast("B")
    if len(view) < PREFIX.size:
        raise ValueError("a message of the host protocol expected, found %d bytes" % len(view))
    magic, size, body = PREFIX.unpack(view[: PREFIX.size])
    if magic != MAGIC or PREFIX.size + size + body != len(view):
        raise ValueError("a message of the host protocol expected, found other bytes")
    header = json.loads(bytes(view[PREFIX.size : PREFIX.size + size]))
    return header, split(header, view[PREFIX.size + size :])


def split(header, body):
    buffers, at = [], 0
    for size in header.get("buffers", ()):
        start = align(at)
        buffers.append(body[start : start + size])
        at = start + size
    return buffers


class Wire:
    """Both directions. Every thread may write and ask; only the main thread reads what was not asked for."""

    def __init__(self, reading, writing):
        self._reading = open(reading, "rb", buffering=1 << 16)
        self._writing = writing
        self._lock = threading.Lock()
        # Of one thread twice where a collected iterator closes itself meanwhile: that is refused, where a simple lock would wait for ever.
        self._asking = threading.RLock()
        self._is_torn = False

    def read(self):
        """The next message; None when there is no more."""
        prefix = self._reading.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            return None
        magic, size, body = PREFIX.unpack(prefix)
        if magic != MAGIC:
            raise ValueError("a message of the host protocol expected, found other bytes")
        text = self._reading.read(size)
        if body == 0:
            return json.loads(text), ()
        data = memoryview(bytearray(body))
        at = 0
        while at < body:
            count = self._reading.readinto(data[at:])
            if not count:
                return None
            at += count
        header = json.loads(text)
        return header, split(header, data)

    def ask(self, header, buffers=()):
        """The reply to a message, which no other thread gets; None when there is no more."""
        parts = pieces(header, buffers)
        with self._asking:
            if self._is_torn:
                raise RuntimeError("an answer of Launchpad was interrupted, and the next one would be taken for another: clear_caches(), and ask again")
            self._is_torn = True
            self._send(parts)
            message = self.read()
            self._is_torn = False
        return message

    def write(self, header, buffers=()):
        self._send(pieces(header, buffers))

    def _send(self, parts):
        with self._lock:
            if sum(len(part) for part in parts) <= SMALL:
                self._put(b"".join(parts))
            else:
                for part in parts:
                    self._put(part)

    def _put(self, data):
        view = memoryview(data)
        while view:
            view = view[os.write(self._writing, view) :]


def take_streams():
    """Takes standard input and output for the protocol: what the model prints goes to standard error from now on."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    return Wire(reading, writing), reading
