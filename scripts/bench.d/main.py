"""Measures MusicFS, bindfs and the plain directory in one run; started by scripts/bench."""

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
import time

import library
import probes
from mounts import BenchError, Mounts, Systems, fresh_directory, say
from table import Table

SECTIONS = ("start", "big", "tree", "read", "memory")
median = probes.median


class Bench:
    def __init__(self, options):
        self.root, self.jar, self.home = options.root, options.jar, options.home
        self.runs = 1 if options.quick else 3
        self.many_tracks = 100_000 if options.quick else 1_000_000
        self.run_dir = fresh_directory(os.path.join(self.home, "run"))
        self.mounts = Mounts(self.run_dir)
        self.systems = Systems(self.root, self.jar, self.home, self.mounts)
        self.table = Table()
        self.tree = os.path.join(self.home, "tree")
        self.cache = os.path.join(self.run_dir, "cache")
        self.empty = fresh_directory(os.path.join(self.run_dir, "empty"))

    # ---- before anything is measured ----

    def prepare(self):
        self.library = library.make_library(self.root, self.home)
        self.systems.make_archive()
        mount = self.mount_library(fresh_directory(self.cache))
        mount.wait(lambda: len(library.names_of(mount.path)) == library.TRACKS)
        self.names = library.materialise(self.library, mount.path, self.tree)
        self.long = max(self.names, key=lambda name: os.stat(os.path.join(self.tree, name)).st_size)
        self.loud = [name for name in self.names
                     if os.path.dirname(name) != os.path.dirname(self.long)
                     and os.stat(os.path.join(self.tree, name)).st_size > library.LOUD_BYTES // 2]
        self.mounts.stop(mount)
        self.catalog = library.catalog_file(self.cache)

    def mount_library(self, cache, way=None):
        return self.systems.musicfs({"library": self.library}, cache, way)

    def mounted(self, name):
        """Mounts "bindfs" or "MusicFS" and waits for the last track; for "native" there is nothing to mount."""
        if name == "native":
            return None
        mount = self.systems.bindfs(self.tree) if name == "bindfs" else self.mount_library(self.cache)
        mount.wait_for(self.names[-1])
        return mount

    def each(self, measure):
        """Runs measure(directory, mount) over each system; gives the results by column name."""
        results = {}
        for name in ("native", "bindfs", "MusicFS"):
            mount = self.mounted(name)
            results[name.lower()] = measure(mount.path if mount else self.tree, mount)
            if mount:
                self.mounts.stop(mount)
        return results

    def rows(self, whats, results, musts=None):
        """Adds a row for each measured value; results hold lists in the order of whats."""
        for i, what in enumerate(whats):
            self.table.add(what, **{name: values[i] for name, values in results.items()}, must=(musts or {}).get(i))

    # ---- the sections ----

    def start(self):
        def timed(begin, ready):
            times = []
            for _ in range(self.runs):
                mount = begin()
                times.append(ready(mount) * 1000)
                self.mounts.stop(mount)
            return median(times)

        known = self.names[0]
        bindfs = timed(lambda: self.systems.bindfs(self.tree), lambda mount: mount.wait_for(known))
        for way in self.systems.ways():
            complete = []

            def first(mount):
                serving = mount.wait_serving()
                for name in self.names:
                    mount.wait_for(name)
                complete.append((time.monotonic() - mount.started) * 1000)
                return serving

            cache = os.path.join(self.run_dir, "first")
            serving = timed(lambda: self.mount_library(fresh_directory(cache), way), first)
            second = timed(lambda: self.mount_library(self.cache, way), lambda mount: mount.wait_for(known))
            limit = _limit(600 if way == "launcher" else 1500, "ms")
            self.table.add("first start until it serves, %s (ms)" % way, bindfs=bindfs, musicfs=serving)
            self.table.add("first start until all 1,000 tracks are there, %s (ms)" % way, musicfs=median(complete))
            self.table.add("second start, %s (ms)" % way, bindfs=bindfs, musicfs=second, must=limit)

    def many(self, tracks):
        """A cache directory whose catalog has so many tracks of the origin "bench"."""
        cache = fresh_directory(os.path.join(self.run_dir, "cache-%d" % tracks))
        target = os.path.join(cache, self.catalog)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(library.make_catalog(self.root, self.jar, self.home, tracks, "bench"), target)
        return cache

    def big(self):
        for tracks in (1000, self.many_tracks):
            cache = self.many(tracks)
            for way in self.systems.ways():
                times = []
                for _ in range(self.runs):
                    mount = self.systems.musicfs({"bench": self.empty}, cache, way)
                    times.append(mount.wait(lambda: self.lists_artist(mount)) * 1000)
                    time.sleep(0.5)  # The scan of the empty origin is over.
                    if len(os.listdir(mount.path)) < tracks // 120:
                        raise BenchError("the tracks left when their origin was found empty")
                    self.mounts.stop(mount)
                self.table.add("start with %s tracks, %s (ms)" % (format(tracks, ","), way), musicfs=median(times),
                               must=_limit(600 if way == "launcher" else 1500, "ms"))
            shutil.rmtree(cache)

    @staticmethod
    def lists_artist(mount):
        artist = os.path.join(mount.path, "Artist 00001")
        if not os.path.isdir(artist):
            return False
        return subprocess.run(["ls", artist], stdout=subprocess.PIPE, check=True).stdout.count(b"\n") >= 9

    def tree_section(self):
        stats, cold, warm, cold_calls, second_calls, third_calls = ({} for _ in range(6))
        for _ in range(self.runs):
            for name, value in self.each(lambda path, _: probes.stat_p50_us(path, self.names)).items():
                stats.setdefault(name, []).append(value)

            def listing(path, mount):
                times, calls = [], []
                for _ in range(3):
                    before = mount.reads() if mount else 0
                    times.append(probes.ls_seconds(path))
                    calls.append(mount.reads() - before if mount else 0)
                return times[0], times[2], *calls

            for name, values in self.each(listing).items():
                for into, value in zip((cold, warm, cold_calls, second_calls, third_calls), values):
                    into.setdefault(name, []).append(value)
        self.add_all("stat, each track once after a fresh mount, p50 (us)", stats)
        self.add_all("ls -lR after a fresh mount (s)", cold)
        self.add_all("ls -lR for the third time (s)", warm)
        # A daemon that takes its requests in another way than by read(2) shows fewer calls than there are tracks.
        counted = {name for name, values in cold_calls.items() if median(values) >= len(self.names)}
        self.add_all("read(2) calls of the daemon, about one a request, first ls -lR", cold_calls, only=counted)
        self.add_all("the same, second ls -lR", second_calls, only=counted)
        self.add_all("the same, third ls -lR", third_calls, only=counted,
                     must=("under 20", lambda native, bindfs, musicfs: musicfs < 20))

    def add_all(self, what, results, only=None, must=None):
        self.table.add(what, **{name: median(values) for name, values in results.items() if only is None or name in only},
                       must=must)

    def read(self):
        drops = probes.can_drop_caches()
        if not drops:
            say("not root: the kernel's caches are not dropped, one row less")

        def measure(path, _):
            long = os.path.join(path, self.long)
            probes.read_all(os.path.join(self.tree, self.long))  # The origin's pages are warm from here on.
            through, cached, dropped, small, large, total, slowest = ([] for _ in range(7))
            native = path == self.tree
            for _ in range(self.runs):
                if not native:
                    probes.forget(long)
                through.append(probes.sequential_mb_s(long))
                cached.append(probes.sequential_mb_s(long))
            for _ in range(self.runs):
                small.append(self.random(long, native, 4096, 2000))
                large.append(self.random(long, native, 131072, 1000))
            loud = [os.path.join(path, name) for name in self.loud]
            for _ in range(self.runs):
                for name in self.loud:
                    probes.read_all(os.path.join(self.tree, name))
                speed, longest = probes.parallel(loud, forget_first=not native)
                total.append(speed)
                slowest.append(longest)
            if drops:
                for _ in range(self.runs):
                    probes.drop_caches()
                    dropped.append(probes.sequential_mb_s(long))
            values = (through, cached, small, large, total, slowest, dropped)
            return [median(value) if value else None for value in values]

        results = self.each(measure)
        whats = ["300 MB from end to end through the daemon, the original's pages in memory (MB/s)",
                 "300 MB again, kernel-cached (MB/s)", "pread 4 KiB at random, p50 (us)",
                 "pread 128 KiB at random, p50 (us)", "100 readers of 3 MB each, together (MB/s)",
                 "100 readers, the slowest (s)"]
        if drops:
            whats.append("300 MB with all kernel caches dropped, off the disk (MB/s)")
        self.rows(whats, results, {
            0: ("0.9x bindfs", lambda native, bindfs, musicfs: musicfs >= 0.9 * bindfs),
            1: ("0.8x native", lambda native, bindfs, musicfs: musicfs >= 0.8 * native),
            2: ("2x bindfs", lambda native, bindfs, musicfs: musicfs <= 2 * bindfs),
            3: ("2x bindfs", lambda native, bindfs, musicfs: musicfs <= 2 * bindfs),
            4: ("0.8x bindfs", lambda native, bindfs, musicfs: musicfs >= 0.8 * bindfs),
            5: ("2x bindfs", lambda native, bindfs, musicfs: musicfs <= 2 * bindfs),
            6: ("0.9x bindfs", lambda native, bindfs, musicfs: musicfs >= 0.9 * bindfs)})

    @staticmethod
    def random(path, native, size, count):
        return probes.pread_p50_us(path, size, count, forget_first=not native)

    def memory(self):
        """Idle with many tracks, then after 100 readers of the real library, which is a second origin beside them."""
        label = "RSS with %s tracks, " % format(self.many_tracks, ",")
        bindfs = self.mounted("bindfs")
        mount = self.systems.musicfs({"bench": self.empty, "library": self.library}, self.many(self.many_tracks))
        mount.wait(lambda: self.lists_artist(mount))
        mount.wait(lambda: all(os.stat(os.path.join(mount.path, name)) for name in self.names))
        time.sleep(1 if self.runs == 1 else 3)
        idle = {"bindfs": bindfs.rss_mb(), "musicfs": mount.rss_mb()}
        peaks = []
        for each in (bindfs, mount):
            probes.parallel([os.path.join(each.path, name) for name in self.loud])
        loaded = {"bindfs": bindfs.rss_mb(), "musicfs": mount.rss_mb()}
        for number in range(1, 201):
            peaks.append(probes.ls_seconds(os.path.join(mount.path, "Artist %05d" % number)))
        self.table.add(label + "idle (MB)", **idle, must=_limit(150, "MB"))
        self.table.add(label + "after 100 readers (MB)", **loaded, must=_limit(300, "MB"))
        self.table.add(label + "after ls -lR of 24,000 of them too (MB)", musicfs=mount.rss_mb())
        self.table.add("ls -lR of an artist of 120 tracks among %s (ms)" % format(self.many_tracks, ","),
                       musicfs=median(peaks) * 1000)
        self.mounts.stop(mount)
        self.mounts.stop(bindfs)

    def run(self, sections):
        self.prepare()
        for name in sections:
            began = time.monotonic()
            try:
                self.tree_section() if name == "tree" else getattr(self, name)()
            except (BenchError, OSError, subprocess.SubprocessError) as e:
                say("section %s FAILED: %s" % (name, e))
                self.failed = True
                self.mounts.stop_all()
            else:
                say("section %s took %.0f s, load %.1f" % (name, time.monotonic() - began, os.getloadavg()[0]))

    failed = False


def _limit(most, unit):
    return "%d %s" % (most, unit), lambda native, bindfs, musicfs: musicfs < most


def heading(bench, options):
    commit = subprocess.run(["git", "-C", options.root, "describe", "--always", "--dirty"], capture_output=True, text=True,
                            check=False).stdout.strip()
    filesystem = subprocess.run(["stat", "-f", "-c", "%T", options.home], capture_output=True, text=True,
                                check=False).stdout.strip()
    java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr.split("\n")[0]
    return "MusicFS %s, %s, Linux %s, %d CPUs, load %.1f before, files on %s; %d runs each" % (
        commit or "?", java, platform.release(), os.cpu_count(), os.getloadavg()[0], filesystem, bench.runs)


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "jar", "home"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("sections", nargs="*")
    options = parser.parse_args()

    def end(number, _):
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    bench = Bench(options)
    title = heading(bench, options)
    began = time.monotonic()
    watchdog = threading.Timer(900, lambda: (say("15 minutes are over, killing the daemons"), bench.mounts.kill_all()))
    watchdog.daemon = True
    watchdog.start()
    try:
        bench.run([name for name in SECTIONS if not options.sections or name in options.sections])
    except (BenchError, OSError, subprocess.SubprocessError) as e:
        say("FAILED: %s" % e)
        bench.failed = True
    finally:
        bench.mounts.stop_all()
    shutil.rmtree(bench.run_dir, ignore_errors=True)
    print(title + ", %.0f s in all\n" % (time.monotonic() - began))
    print(bench.table.markdown())
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
