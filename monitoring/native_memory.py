"""Bytes for pyarrow's reading threads.

A thread that lets go of Python's own bytes while a process is about to end aborts it ("terminate called without an
active exception"), so what threads read from is copied into the library's own memory first."""

import pyarrow as pa


def reader(content: bytes) -> pa.BufferReader:
    copy = pa.BufferOutputStream()
    copy.write(content)
    return pa.BufferReader(copy.getvalue())
