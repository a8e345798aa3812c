"""The kernel's read-ahead, measured at both ends: what a tag scan takes from the daemon, and how fast reading is."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import library
import probes
from comparison import Comparison
from mounts import BenchError, fresh_directory
from table import number

KIB = 1024
MAX_READAHEAD = (128 * KIB, 64 * KIB, 32 * KIB, 16 * KIB)
READ_SIZES = (4 * KIB, 16 * KIB, 32 * KIB, 128 * KIB, 1024 * KIB)
median = probes.median

# Prints the seconds, and the bytes it read(2) itself from when all modules are loaded.
_MUTAGEN_SCAN = """
import sys, time, mutagen
def rchar():
    with open("/proc/self/io") as counters:
        return next(int(line.split()[1]) for line in counters if line.startswith("rchar:"))
paths, buffering = sys.stdin.read().split("\\0"), int(sys.argv[3])
pictures = len(mutagen.File(sys.argv[1]).pictures) + len(mutagen.File(sys.argv[2]).tags.getall("APIC"))
assert pictures == 2, "the covers are not there"
before, start = rchar(), time.perf_counter()
for path in paths:
    with open(path, "rb", buffering=buffering) as file:
        assert mutagen.File(file).tags, path
print(time.perf_counter() - start, rchar() - before)
"""


def mutagen_python():
    """The first Python that has mutagen: Debian's package is for Debian's Python only."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import mutagen"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return python
    raise BenchError("no Python has mutagen; install the package python3-mutagen")


class ReadAhead(Comparison):
    def __init__(self, options):
        super().__init__(options)
        self.probed = 100 if options.quick else 300
        self.table = Lines()

    def prepare(self):
        self.python = mutagen_python()
        self.origins = {"library": library.make_library(self.root, self.home), "covers": library.make_covers(self.home)}
        self.systems.make_archive()
        mount = self.ours("musicfs", fresh_directory(self.cache), origins=self.origins)
        mount.wait(lambda: len(library.names_of(mount.path))
                   == library.TRACKS + library.COVERED_ALBUMS * library.COVERED_TRACKS)
        self.names = library.names_of(mount.path)
        self.covered = [name for name in self.names if name.startswith("Covered/")]
        self.long = max(self.names, key=lambda name: os.stat(os.path.join(mount.path, name)).st_size)
        self.mounts.stop(mount)
        if len(self.covered) != library.COVERED_ALBUMS * library.COVERED_TRACKS:
            raise BenchError("%d tracks have covers" % len(self.covered))

    def readahead(self):
        original = os.path.join(self.origins["library"], "loud", "long.flac")
        fast = {"native": self.throughput(original, None)}
        bindfs = self.systems.bindfs(self.origins["library"])
        bindfs.wait_for("loud/long.flac")
        fast["bindfs"] = self.throughput(os.path.join(bindfs.path, "loud/long.flac"), bindfs)
        self.mounts.stop(bindfs)
        rclone = self.systems.rclone(self.origins["library"], fresh_directory(os.path.join(self.run_dir, "cache-rclone")))
        rclone.wait_for("loud/long.flac")
        fast["rclone"] = self.throughput(os.path.join(rclone.path, "loud/long.flac"), rclone)
        self.mounts.stop(rclone)
        errors, own, rows = [], {}, {}
        some = self.covered[::len(self.covered) // self.probed]
        for most in MAX_READAHEAD:
            scans = []
            for _ in range(self.runs):
                scans.append(self.scan(most, lambda paths: self.mutagen(paths, -1, own), self.covered)
                             + self.scan(most, lambda paths: self.mutagen(paths, 4 * KIB, own), self.covered)
                             + self.scan(most, self.ffprobe, some))
            mount = self.mounted_with(most)
            path = os.path.join(mount.path, self.long)
            block_bytes = os.stat(path).st_blksize
            rows[most] = [median(values) for values in zip(*scans)], self.throughput(path, mount)
            probes.forget(path)
            before = mount.counter("wchar")
            total, _ = probes.read_all(path)
            errors.append((mount.counter("wchar") - before) / total - 1)
            self.mounts.stop(mount)
        self.table.fill(rows, fast)
        self.table.note("Bytes asked: wchar of the daemon's /proc/PID/io, which is its answers to the kernel, over a tree whose"
                        " names are in the kernel. Read from end to end, a file of %d bytes gave %+.2f %% at the most beside its"
                        " size; for scans, with more answers a byte, the error was not measured."
                        % (total, 100 * max(errors, key=abs)))
        self.table.note("mutagen itself read %s KiB a file with Python's own buffers, which are st_blksize (%d bytes here), and"
                        " %s KiB with buffers of 4 KiB, as on a disk."
                        % (number(median(own[-1])), block_bytes, number(median(own[4 * KIB]))))
        self.table.note("Throughput of 300 MB through the daemon, the original's pages in memory; in brackets the ratio to"
                        " bindfs and to rclone (full cache, filled) of this run, both with the kernel's 128 KiB.")

    def mounted_with(self, most):
        mount = self.systems.musicfs(self.origins, self.cache, settings="[fuse]\nmax_readahead = %d\n" % most)
        mount.wait_for(self.names[-1])
        mount.settle()
        return mount

    def throughput(self, path, mount):
        """Medians of MB/s by size of the reads; the first reading fills caches and counts for nothing."""
        probes.read_all(path)
        if mount:
            mount.settle()
        results = []
        for size in READ_SIZES:
            times = []
            for _ in range(self.runs):
                if mount:
                    probes.forget(path)
                times.append(probes.sequential_mb_s(path, size))
            results.append(median(times))
        return results

    def scan(self, most, scanner, names):
        """Scans a fresh mount; gives KiB the daemon answered and milliseconds, each for one file."""
        mount = self.mounted_with(most)
        paths = [os.path.join(mount.path, name) for name in names]
        for path in paths:
            os.stat(path)
        mount.settle()
        before = mount.counter("wchar")
        seconds = scanner(paths)
        mount.settle()  # The kernel's reading ahead may still be under way.
        asked = mount.counter("wchar") - before
        self.mounts.stop(mount)
        return asked / len(names) / KIB, seconds * 1000 / len(names)

    def mutagen(self, paths, buffering, own):
        # Of the originals: what the mount is asked must be the scan alone.
        samples = [os.path.join(self.origins["covers"], name) for name in ("01/02.flac", "03/02.mp3")]
        done = subprocess.run([self.python, "-c", _MUTAGEN_SCAN, *samples, str(buffering)], input="\0".join(paths),
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchError("mutagen: " + done.stderr.strip()[-300:])
        seconds, read = done.stdout.split()
        own.setdefault(buffering, []).append(int(read) / len(paths) / KIB)
        return float(seconds)

    @staticmethod
    def ffprobe(paths):
        command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json"]

        def probe(path):
            said = subprocess.run(command + [path], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
            if "attached_pic" not in said or "Covered " not in said:
                raise BenchError("ffprobe found no tags or no cover in " + path)

        start = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(probe, paths))
        return time.perf_counter() - start


class Lines:
    """The table: a row for each read-ahead."""

    def __init__(self):
        self.lines = []
        self.notes = []

    def fill(self, rows, fast):
        sizes = ["%d KiB (MB/s)" % (size // KIB) for size in READ_SIZES]
        head = ["max_readahead", "mutagen, asked (KiB/file)", "ms/file", "with 4 KiB buffers (KiB/file)", "ms/file",
                "ffprobe, asked (KiB/file)", "ms/file", *sizes]
        self.lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
        for most, (scans, speeds) in rows.items():
            cells = ["%s (%s, %s)" % (number(speed), number(speed / bindfs), number(speed / rclone))
                     for speed, bindfs, rclone in zip(speeds, fast["bindfs"], fast["rclone"])]
            self.lines.append(["%d" % most, *map(number, scans), *cells])
        for name, speeds in fast.items():
            self.lines.append([name, *[""] * 6, *map(number, speeds)])

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def markdown(self):
        lines = ["| " + " | ".join(line) + " |" for line in self.lines]
        return "\n".join(lines + [""] + ["- " + note for note in self.notes])
