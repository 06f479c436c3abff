"""The files of `csv.rs`, read by other libraries: numbers into a float32 matrix of NumPy, words and
dates into a data frame of the library, since no matrix holds them.

    cargo bench --no-default-features --bench csv -- --keep /tmp/csv
    pip install polars pandas duckdb numpy
    python benches/csv_peers.py /tmp/csv

Each measurement is made by a process of its own: the best of five, and the largest memory.
"""

import json
import os
import subprocess
import sys
import time

N_TIMES = 5


def with_polars(path):
    import polars

    return polars.read_csv(path).cast(polars.Float32).to_numpy()


def with_polars_f32(path):
    """The types are stated, so that no larger numbers are kept in between."""
    import polars

    header = open(path).readline().strip().split(",")
    return polars.read_csv(path, schema={name: polars.Float32 for name in header}).to_numpy()


def with_pandas(path):
    import pandas

    return pandas.read_csv(path, dtype="float32").to_numpy()


def with_duckdb(path):
    import duckdb
    import numpy

    columns = duckdb.sql(f"SELECT * FROM read_csv('{path}')").fetchnumpy()
    return numpy.column_stack([column.astype("float32") for column in columns.values()])


def frame_of_polars(path):
    import polars

    return polars.read_csv(path, try_parse_dates=True)


def frame_of_pandas(path):
    import pandas

    return pandas.read_csv(path)


def frame_of_duckdb(path):
    import duckdb

    return duckdb.sql(f"SELECT * FROM read_csv('{path}')").fetch_arrow_table()


READERS = {
    "polars": with_polars,
    "polars, types given": with_polars_f32,
    "pandas": with_pandas,
    "duckdb": with_duckdb,
}

FRAMES = {"polars": frame_of_polars, "pandas": frame_of_pandas, "duckdb": frame_of_duckdb}

NUMBERS = ["long.csv", "wide.csv", "longer.csv"]

WORDS = ["mixed.csv", "orders.csv", "stray.csv"]


def measure(name, path):
    best = float("inf")
    for _ in range(N_TIMES):
        start = time.perf_counter()
        is_words = os.path.basename(path) in WORDS
        found = FRAMES[name](path) if is_words else READERS[name](path)
        best = min(best, time.perf_counter() - start)
        assert is_words or found.dtype == "float32" and found.ndim == 2
        shape = found.shape
        del found
    status = open("/proc/self/status").read()
    peak = int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    print(json.dumps({"seconds": best, "peak": peak, "shape": shape}))


def main():
    if len(sys.argv) == 4:
        return measure(sys.argv[2], sys.argv[3])
    folder = sys.argv[1]
    only = sys.argv[2] if len(sys.argv) == 3 else ""
    for name in READERS:
        for file in NUMBERS + WORDS * (name in FRAMES):
            path = os.path.join(folder, file)
            if not os.path.exists(path) or only not in f"{name} {file}":
                continue
            command = [sys.executable, __file__, folder, name, path]
            result = subprocess.run(command, capture_output=True, text=True)
            if result.returncode != 0:
                print(f"{name:<22}{file:<12}{result.stderr.strip().splitlines()[-1]}")
                continue
            found = json.loads(result.stdout)
            print(f"{name:<22}{file:<12}{found['seconds']:8.3f} s{found['peak']:8.0f} MB")


main()
