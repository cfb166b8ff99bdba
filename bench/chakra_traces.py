#!/usr/bin/env python3
"""Writes Chakra execution traces of a DeepSeek-like decode step, one .et file a rank:
LAYERS times (compute, all-to-all, compute, all-to-all), each node waiting for the one before it.

    bench/chakra_traces.py DIR [--ranks 128] [--layers 61] [--compute-us 100] [--bytes 16777216]
    ./reticle trace replay DIR --system bench-switch --json

Wire format: mlcommons/chakra et_def.proto; a file is a run of (varint length, message), the first
GlobalMetadata, then Nodes. Written by hand, so that the benchmark needs no library.
"""
import argparse
import pathlib

COMP_NODE, COMM_COLL_NODE = 4, 7
ALL_TO_ALL = 6


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def integer(field, number):
    return varint(field << 3) + varint(number)


def message(field, body):
    return varint(field << 3 | 2) + varint(len(body)) + body


def delimited(body):
    return varint(len(body)) + body


def attribute(name, field, number):
    return message(10, message(1, name.encode()) + integer(field, number))


def node(index, name, kind, duration_us, attributes):
    body = integer(1, index) + message(2, name.encode()) + integer(3, kind)
    if index > 0:
        body += message(5, varint(index - 1))  # data_deps, packed
    if duration_us:
        body += integer(7, duration_us)
    return delimited(body + attribute("is_cpu_op", 27, 0) + attributes)


def trace(layers, compute_us, size):
    out = delimited(message(1, b"0.0.4"))
    for index in range(4 * layers):
        if index % 2 == 0:
            out += node(index, f"compute_{index // 2}", COMP_NODE, compute_us, b"")
        else:
            sizes = attribute("comm_type", 9, ALL_TO_ALL) + attribute("comm_size", 9, size)
            out += node(index, f"all_to_all_{index // 2}", COMM_COLL_NODE, 0, sizes)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--ranks", type=int, default=128)
    parser.add_argument("--layers", type=int, default=61)
    parser.add_argument("--compute-us", type=int, default=100)
    parser.add_argument("--bytes", type=int, default=16 << 20)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    content = trace(options.layers, options.compute_us, options.bytes)
    for rank in range(options.ranks):
        (options.directory / f"decode.{rank}.et").write_bytes(content)


if __name__ == "__main__":
    main()
