"""The measurements themselves; each takes a directory or a file, whichever system serves it."""

import os
import random
import signal
import statistics
import struct
import subprocess
import time

CHUNK = 128 * 1024
median = statistics.median


def can_drop_caches():
    return os.access("/proc/sys/vm/drop_caches", os.W_OK) and os.geteuid() == 0


def drop_caches():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as control:
        control.write("3\n")


def forget(path):
    """Drops the kernel's pages of one file, in this mount only."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)


def read_all(path, size=CHUNK):
    """Reads a file from end to end, so many bytes a call; gives its bytes and the seconds."""
    buffer = bytearray(size)
    total = 0
    start = time.perf_counter()
    fd = os.open(path, os.O_RDONLY)
    try:
        while True:
            count = os.readv(fd, [buffer])
            if count == 0:
                break
            total += count
    finally:
        os.close(fd)
    return total, time.perf_counter() - start


def sequential_mb_s(path, size=CHUNK):
    total, seconds = read_all(path, size)
    return total / 1e6 / seconds


def head_p50_ms(paths, size=64 * 1024):
    """p50 of opening a file and reading its first bytes, in milliseconds."""
    buffer = [bytearray(size)]
    times = []
    for path in paths:
        start = time.perf_counter_ns()
        fd = os.open(path, os.O_RDONLY)
        try:
            count = os.preadv(fd, buffer, 0)
        finally:
            os.close(fd)
        times.append(time.perf_counter_ns() - start)
        if count < size:
            raise OSError("%s gave %d bytes of its first %d" % (path, count, size))
    return median(times) / 1e6


def pread_us(path, size, count, forget_first=True):
    """p50 and p99 of reads at random aligned places, none twice, of a file whose pages this mount does not hold."""
    if forget_first:
        forget(path)
    places = random.Random(size).sample(range(os.stat(path).st_size // size), count)
    buffer = [bytearray(size)]
    times = []
    fd = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)
        for place in places:
            start = time.perf_counter_ns()
            os.preadv(fd, buffer, place * size)
            times.append(time.perf_counter_ns() - start)
    finally:
        os.close(fd)
    return median(times) / 1000, sorted(times)[len(times) * 99 // 100] / 1000


def stat_p50_us(root, names):
    paths = [os.path.join(root, name) for name in names]
    times = []
    for path in paths:
        start = time.perf_counter_ns()
        os.stat(path)
        times.append(time.perf_counter_ns() - start)
    return median(times) / 1000


def ls_seconds(directory):
    start = time.perf_counter()
    subprocess.run(["ls", "-lR", directory], stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"},
                   check=True)
    return time.perf_counter() - start


def parallel(paths, forget_first=True):
    """One process for each file, all let go at once; gives MB/s of all together and the seconds of the slowest."""
    for path in paths if forget_first else ():
        forget(path)
    gate_out, gate_in = os.pipe()
    answers_out, answers_in = os.pipe()
    children = []
    try:
        for path in paths:
            child = os.fork()
            if child == 0:
                _reader(path, gate_out, gate_in, answers_in)
            children.append(child)
        os.close(answers_in)
        answers_in = -1
        time.sleep(0.3)  # All are at the gate.
        start = time.perf_counter()
        os.close(gate_in)
        gate_in = -1
        answers = b""
        while part := os.read(answers_out, 65536):
            answers += part
        whole = time.perf_counter() - start
    finally:
        for fd in (gate_in, answers_in, gate_out, answers_out):
            if fd >= 0:
                os.close(fd)
        for child in children:
            os.waitpid(child, 0)
    results = list(struct.iter_unpack("qd", answers))
    if len(results) != len(paths):
        raise OSError("%d of %d parallel readers failed" % (len(paths) - len(results), len(paths)))
    return sum(total for total, _ in results) / 1e6 / whole, max(seconds for _, seconds in results)


def _reader(path, gate_out, gate_in, answers_in):
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.close(gate_in)
        os.read(gate_out, 1)
        os.write(answers_in, struct.pack("qd", *read_all(path)))
        code = 0
    finally:
        os._exit(code)
