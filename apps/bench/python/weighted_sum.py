"""What aggregation is measured against: NumPy's weighted sum of the same updates.

    weighted_sum.py memory|files folder offset coefficient...

The folder has a file for each coefficient, 0, 1, 2, ..., with float32 numbers from the byte at offset on. Every line on the standard input names
a form, and is answered with the seconds that it took.
"""

import os
import sys
import time

import numpy as np


def sum_float32(updates, coefficients):
    total = coefficients[0] * updates[0]
    for update, coefficient in zip(updates[1:], coefficients[1:]):
        total += coefficient * update
    return total


def sum_float64(updates, coefficients):
    """Accumulated in float64 and cast once, as the server does it."""
    total, scratch = None, None
    for update, coefficient in zip(updates, coefficients):
        if total is None:
            total = np.multiply(update, coefficient, dtype=np.float64)
            scratch = np.empty_like(total)
        else:
            np.multiply(update, coefficient, out=scratch, dtype=np.float64)
            total += scratch
    return total.astype(np.float32)


def files(updates, coefficients, output):
    """From files, one in memory at a time, to a file that is on the disk."""
    total = sum_float64(updates, coefficients)
    with open(output, "wb") as file:
        total.tofile(file)
        file.flush()
        os.fsync(file.fileno())


def main():
    kind, folder, offset, *coefficients = sys.argv[1:]
    coefficients = [float(text) for text in coefficients]
    names = [os.path.join(folder, str(number)) for number in range(len(coefficients))]
    load = lambda: (np.fromfile(name, dtype=np.float32, offset=int(offset)) for name in names)
    updates = list(load()) if kind == "memory" else []
    forms = {
        "float32": lambda: sum_float32(updates, coefficients),
        "float64": lambda: sum_float64(updates, coefficients),
        "files": lambda: files(load(), coefficients, os.path.join(folder, "sum")),
    }
    print("ready", flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        forms[line.strip()]()
        print(time.perf_counter() - started, flush=True)


main()
