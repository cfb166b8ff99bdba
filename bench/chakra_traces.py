#!/usr/bin/env python3
"""Writes Chakra execution traces of a DeepSeek-like decode step, one .et file a rank:
LAYERS times (compute, all-to-all, compute, all-to-all), each node waiting for the one before it.
With --power-law A the second compute, the experts', takes a time in proportion to what a rank's expert
got in a draw of its own for every layer (mean as given, the same for any number of ranks).

    bench/chakra_traces.py DIR [--ranks 128] [--layers 61] [--compute-us 100] [--bytes 16777216]
    ./reticle trace replay DIR --system bench-switch --json

Wire format: mlcommons/chakra et_def.proto; a file is a run of (varint length, message), the first
GlobalMetadata, then Nodes. Written by hand, so that the benchmark needs no library.
"""
import argparse
import pathlib
import random

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


def trace(layers, compute_us, size, expert_loads):
    """expert_loads: of one rank, by layer, 1 on average."""
    out = delimited(message(1, b"0.0.4"))
    for index in range(4 * layers):
        if index % 2 == 0:
            load = expert_loads[index // 4] if index % 4 == 2 else 1
            out += node(index, f"compute_{index // 2}", COMP_NODE, round(compute_us * load), b"")
        else:
            sizes = attribute("comm_type", 9, ALL_TO_ALL) + attribute("comm_size", 9, size)
            out += node(index, f"all_to_all_{index // 2}", COMM_COLL_NODE, 0, sizes)
    return out


def draw_loads(ranks, layers, exponent, seed):
    """By rank, by layer: x = ((b^(1-A) - 1) u + 1)^(1/(1-A)), b = 100, scaled to mean 1 in each layer."""
    if exponent is None:
        return [[1] * layers for _ in range(ranks)]
    generator = random.Random(seed)
    power = 1 - exponent
    by_layer = []
    for _ in range(layers):
        loads = [((100**power - 1) * generator.random() + 1) ** (1 / power) for _ in range(ranks)]
        mean = sum(loads) / ranks
        by_layer.append([load / mean for load in loads])
    return [[layer[rank] for layer in by_layer] for rank in range(ranks)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--ranks", type=int, default=128)
    parser.add_argument("--layers", type=int, default=61)
    parser.add_argument("--compute-us", type=int, default=100)
    parser.add_argument("--bytes", type=int, default=16 << 20)
    parser.add_argument("--power-law", type=float, help="exponent of the experts' loads, not 1")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)
    loads = draw_loads(options.ranks, options.layers, options.power_law, options.seed)
    for rank in range(options.ranks):
        content = trace(options.layers, options.compute_us, options.bytes, loads[rank])
        (options.directory / f"decode.{rank}.et").write_bytes(content)


if __name__ == "__main__":
    main()
