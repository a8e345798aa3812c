"""What is measured, by section; each puts its rows into the table."""

import os
import shutil
import subprocess
import time

import library
import probes
from comparison import Comparison
from mounts import BenchError, fresh_directory
from table import OURS, at_least, at_most, under

SECTIONS = ("start", "big", "tree", "fresh", "read", "memory")
median = probes.median


class Sections(Comparison):
    def start(self):
        def timed(begin, ready):
            times = []
            for _ in range(self.runs):
                mount = begin()
                times.append(ready(mount) * 1000)
                self.mounts.stop(mount)
            return median(times)

        def known(mount):
            return mount.wait_for(self.names[0])

        bindfs = timed(lambda: self.systems.bindfs(self.tree), known)
        rclone, rclone_second = None, None
        if "rclone" in self.columns:
            rclone = timed(lambda: self.begin("rclone", self.empty_cache("rclone")), known)
            rclone_second = timed(lambda: self.begin("rclone"), known)
        for way in self.systems.ways():
            ours = ["musicfs"] + (["cached"] if "cached" in self.columns and way == self.first_way() else [])
            serving, complete, second = {}, {}, {}
            for name in ours:
                completes = []

                def first(mount):
                    seconds = mount.wait_serving()
                    for track in self.names:
                        mount.wait_for(track)
                    completes.append((time.monotonic() - mount.started) * 1000)
                    return seconds

                cache = os.path.join(self.run_dir, "first")
                serving[name] = timed(lambda: self.ours(name, fresh_directory(cache), way), first)
                complete[name] = median(completes)
                second[name] = timed(lambda: self.ours(name, self.cache_of(name), way), known)
            self.table.add("first start until it serves, %s (ms)" % way, bindfs=bindfs, rclone=rclone, **serving)
            self.table.add("first start until all 1,000 tracks are there, %s (ms)" % way, **complete)
            self.table.add("second start, %s (ms)" % way, self.start_limit(way), bindfs=bindfs, rclone=rclone_second, **second)

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
                self.table.add("start with %s tracks, %s (ms)" % (format(tracks, ","), way), self.start_limit(way),
                               musicfs=median(times))
            shutil.rmtree(cache)

    @staticmethod
    def lists_artist(mount):
        artist = os.path.join(mount.path, "Artist 00001")
        if not os.path.isdir(artist):
            return False
        return subprocess.run(["ls", artist], stdout=subprocess.PIPE, check=True).stdout.count(b"\n") >= 9

    def tree_section(self):
        stats, cold, warm, first, second, third = ({} for _ in range(6))
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
                for into, value in zip((cold, warm, first, second, third), values):
                    into.setdefault(name, []).append(value)
        self.add_all("stat, each track once after a fresh mount, p50 (us)", stats)
        self.add_all("ls -lR after a fresh mount (s)", cold)
        self.add_all("ls -lR for the third time (s)", warm)
        # A daemon that takes its requests in another way than by read(2) shows fewer calls than there are tracks.
        counted = {name for name, values in first.items() if median(values) >= len(self.names)}
        for what, calls, musts in (("first ls -lR", first, ()), ("second ls -lR", second, ()),
                                   ("third ls -lR", third, (under(20),))):
            self.add_all("read(2) calls of the daemon, about one a request, " + what,
                         {name: values for name, values in calls.items() if name in counted}, *musts)

    def fresh(self):
        """What was never read: every mount begins with empty caches, the originals' pages are in memory."""
        long = os.path.join(self.tree, self.long)
        heads, taken, whole = {}, {}, {}

        def measure(path, mount):
            for name in [self.long] + self.loud:
                probes.read_all(os.path.join(self.tree, name))
            if mount:
                mount.settle()
            before = mount.counter("rchar") if mount else 0
            head = probes.head_p50_ms([os.path.join(path, name) for name in self.loud])
            if mount:
                mount.settle()
            took = (mount.counter("rchar") - before) / len(self.loud) / 1024 if mount else None
            return head, took, probes.sequential_mb_s(long if path == self.tree else os.path.join(path, self.long))

        for _ in range(self.runs):
            for name, values in self.each(measure, begin=self.empty_mount).items():
                for into, value in zip((heads, taken, whole), values):
                    if value is not None:
                        into.setdefault(name, []).append(value)
        self.add_all("first 64 KiB of a track never read, open to close, p50 (ms)", heads)
        self.add_all("KiB the daemon read for each, from origin and store together", taken)
        self.add_all("300 MB never read, from end to end (MB/s)", whole)

    def read(self):
        """What was read before: the stores are full; "through the daemon" means that the kernel has no pages of the mount."""
        drops = probes.can_drop_caches()
        if not drops:
            self.table.note("Not root: the rows with all kernel caches dropped are missing.")

        def measure(path, mount):
            native = mount is None
            long, loud = os.path.join(path, self.long), [os.path.join(path, name) for name in self.loud]
            memory = [None, None, None]
            if mount:
                mount.settle()
                memory[0] = mount.rss_mb()
            # The originals' pages, or those of the store's files, are in memory from here on.
            for name in [self.long] + self.loud:
                probes.read_all(os.path.join(path, name))
            through, warm, dropped, small, large, total, slowest = ([] for _ in range(7))
            for _ in range(self.runs):
                if not native:
                    probes.forget(long)
                through.append(probes.sequential_mb_s(long))
                warm.append(probes.sequential_mb_s(long))
            for _ in range(self.runs):
                small.append(probes.pread_us(long, 4096, 2000, forget_first=not native))
                large.append(probes.pread_us(long, 131072, 1000, forget_first=not native))
            for _ in range(self.runs):
                speed, longest = probes.parallel(loud, forget_first=not native)
                total.append(speed)
                slowest.append(longest)
            if mount:
                memory[1:] = mount.rss_mb(), mount.rss_mb(peak=True)
            for _ in range(self.runs if drops else 0):
                probes.drop_caches()
                dropped.append(probes.sequential_mb_s(long))
            (small50, small99), (large50, large99) = zip(*small), zip(*large)
            values = (through, warm, dropped, small50, small99, large50, large99, total, slowest)
            return [median(value) if value else None for value in values] + memory

        self.rows(self.each(measure), (
            ("300 MB again, through the daemon (MB/s)", at_least(0.9, "bindfs"), at_least(3, "rclone")),
            ("300 MB again, kernel-cached (MB/s)", at_least(0.8, "native")),
            ("300 MB again, all kernel caches dropped, off the disk (MB/s)", at_least(0.9, "bindfs"), at_least(3, "rclone")),
            ("pread 4 KiB at random, p50 (us)", at_most(2, "bindfs")),
            ("pread 4 KiB at random, p99 (us)",),
            ("pread 128 KiB at random, p50 (us)", at_most(2, "bindfs")),
            ("pread 128 KiB at random, p99 (us)",),
            ("100 readers of 3 MB each, together (MB/s)", at_least(0.8, "bindfs")),
            ("100 readers, the slowest (s)", at_most(2, "bindfs")),
            ("RSS with 1,000 tracks, idle (MB)",),
            ("RSS with 1,000 tracks, after the reads above (MB)",),
            ("RSS with 1,000 tracks, peak (MB)",)))

    def memory(self):
        """Idle with many tracks, then after 100 readers of the real library, which is a second origin beside them."""
        label = "RSS with %s tracks, " % format(self.many_tracks, ",")
        idle, loaded, listed, times = {}, {}, {}, {}
        bindfs = self.mounted("bindfs")
        idle["bindfs"] = bindfs.rss_mb()
        probes.parallel([os.path.join(bindfs.path, name) for name in self.loud])
        loaded["bindfs"] = bindfs.rss_mb()
        self.mounts.stop(bindfs)
        for name in [name for name in self.columns if name in OURS]:
            mount = self.ours(name, self.many(self.many_tracks), origins={"bench": self.empty, "library": self.library})
            mount.wait(lambda: self.lists_artist(mount))
            mount.wait(lambda: all(os.stat(os.path.join(mount.path, track)) for track in self.names))
            time.sleep(1 if self.runs == 1 else 3)
            idle[name] = mount.rss_mb()
            probes.parallel([os.path.join(mount.path, track) for track in self.loud])
            loaded[name] = mount.rss_mb()
            times[name] = median([probes.ls_seconds(os.path.join(mount.path, "Artist %05d" % artist))
                                  for artist in range(1, 201)]) * 1000
            listed[name] = mount.rss_mb()
            self.mounts.stop(mount)
        self.table.add(label + "idle (MB)", under(150, "MB"), **idle)
        self.table.add(label + "after 100 readers (MB)", under(300, "MB"), **loaded)
        self.table.add(label + "after ls -lR of 24,000 of them too (MB)", **listed)
        self.table.add("ls -lR of an artist of 120 tracks among %s (ms)" % format(self.many_tracks, ","), **times)
