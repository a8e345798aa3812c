"""The systems under comparison, one column each: how they are mounted, and the same measurement over all of them."""

import os
import shutil
import subprocess

import library
import probes
from mounts import BenchError, Mounts, Systems, fresh_directory, say
from table import COLUMNS, OURS, Table, under

# Every byte through the store, also those of local origins. The size holds the library several times.
STORE = '[cache]\nlocal = "always"\nsize = "4GiB"\n'
STORE_PATIENCE_SECONDS = 30
median = probes.median


class Comparison:
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
        self.columns = list(COLUMNS)
        self.full_caches = {}
        self.failed = False

    def close(self):
        self.mounts.stop_all()
        shutil.rmtree(self.run_dir, ignore_errors=True)

    # ---- before anything is measured ----

    def prepare(self):
        self.library = library.make_library(self.root, self.home)
        self.systems.make_archive()
        refused = self.systems.refusal(STORE)
        if refused:
            self.skip("cached", "this MusicFS has no store for local origins (%s)" % refused)
        mount = self.ours("musicfs", fresh_directory(self.cache))
        mount.wait(lambda: len(library.names_of(mount.path)) == library.TRACKS)
        self.names = library.materialise(self.library, mount.path, self.tree)
        self.long = max(self.names, key=lambda name: os.stat(os.path.join(self.tree, name)).st_size)
        self.loud = [name for name in self.names
                     if os.path.dirname(name) != os.path.dirname(self.long)
                     and os.stat(os.path.join(self.tree, name)).st_size > library.LOUD_BYTES // 2]
        self.mounts.stop(mount)
        self.catalog = library.catalog_file(self.cache)
        for name in ("rclone", "cached"):
            if name in self.columns:
                try:
                    self.cache_of(name)
                except (BenchError, OSError, subprocess.SubprocessError) as e:
                    self.drop(name, e)

    def skip(self, name, why):
        self.columns.remove(name)
        self.table.note("Column %s SKIPPED: %s." % (name, why))
        say("column %s skipped: %s" % (name, why))

    # ---- mounting ----

    def first_way(self):
        return next(iter(self.systems.ways()))

    @staticmethod
    def start_limit(way):
        return under(600 if way == "launcher" else 1500, "ms")

    def ours(self, name, cache, way=None, origins=None):
        """Mounts "musicfs" or "cached", of the library unless other origins are given."""
        return self.systems.musicfs(origins or {"library": self.library}, cache, way, STORE if name == "cached" else "")

    def begin(self, name, cache=None):
        """Starts a system with this cache directory, else with a full one."""
        if name == "bindfs":
            return self.systems.bindfs(self.tree)
        cache = cache or self.cache_of(name)
        return self.systems.rclone(self.tree, cache) if name == "rclone" else self.ours(name, cache)

    def mounted(self, name):
        """Mounts a system with its caches full and waits for the last track."""
        mount = self.begin(name)
        mount.wait_for(self.names[-1])
        return mount

    def empty_cache(self, name):
        """A cache directory in which no byte of a file is; MusicFS knows the names and tags already."""
        cache = os.path.join(self.run_dir, "empty-cache")
        shutil.rmtree(cache, ignore_errors=True)
        if name in OURS:
            shutil.copytree(self.cache, cache)
        else:
            os.makedirs(cache)
        return cache

    def empty_mount(self, name):
        """Mounts a system with no byte in its cache and waits for the last track."""
        mount = self.begin(name, self.empty_cache(name))
        mount.wait_for(self.names[-1])
        return mount

    def cache_of(self, name):
        """The cache directory of rclone or of ours; what stores bytes has read the whole library once by then."""
        if name == "musicfs":
            return self.cache
        if name not in self.full_caches:
            cache = os.path.join(self.run_dir, "cache-" + name)
            os.rename(self.empty_cache(name), cache)
            mount = self.begin(name, cache)
            mount.wait_for(self.names[-1])
            total = sum(probes.read_all(os.path.join(mount.path, track))[0] for track in self.names)
            mount.settle(at_most_seconds=STORE_PATIENCE_SECONDS)
            stored = library.bytes_under(cache)
            self.mounts.stop(mount)
            if stored < total // 2:
                raise BenchError("%s has %d MB in its cache after reading %d MB: its figures would not be those of a cache"
                                 % (name, stored // 1_000_000, total // 1_000_000))
            self.full_caches[name] = cache
        return self.full_caches[name]

    # ---- measuring ----

    def each(self, measure, begin=None):
        """Runs measure(directory, mount) over each system, mount is None for native; gives the results by column name."""
        results = {}
        for name in list(self.columns):
            if name == "native":
                results[name] = measure(self.tree, None)
                continue
            mount = None
            try:
                mount = (begin or self.mounted)(name)
                results[name] = measure(mount.path, mount)
                self.mounts.stop(mount)
            except (BenchError, OSError, subprocess.SubprocessError) as e:
                self.drop(name, e)
                if self.mounts.over:
                    raise
        return results

    def drop(self, name, reason):
        """A system that failed is not tried again."""
        self.fail("column " + name, reason)
        self.columns.remove(name)
        self.mounts.stop_all()

    def fail(self, what, reason):
        """One column or section that failed leaves the others their figures; the exit code tells."""
        self.failed = True
        self.table.note("%s FAILED: %s" % (what[0].upper() + what[1:], str(reason).split("\n", 1)[0]))
        say("%s FAILED: %s" % (what, reason))

    def rows(self, results, rows):
        """Adds a row for each (what, requirements...); results hold lists in the same order."""
        for i, (what, *musts) in enumerate(rows):
            values = {name: measured[i] for name, measured in results.items()}
            if any(value is not None for value in values.values()):
                self.table.add(what, *musts, **values)

    def add_all(self, what, results, *musts):
        """Adds a row of the medians of lists."""
        self.table.add(what, *musts, **{name: median(values) for name, values in results.items()})
