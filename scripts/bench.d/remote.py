"""Origins over SFTP and S3, without and with a delay of 50 ms, beside sshfs, rclone mount and the protocols' own clients."""

import os
import shutil
import statistics
import subprocess
import time

import library
import probes
from comparison import Comparison
from mounts import BenchError, fresh_directory, say
from ownclients import S3Client, sftp_get
from readahead import mutagen_python
from servers import BUCKET, KEY, SECRET, Servers
from table import Must, at_least, number

DELAYS_MS = (0, 50)
HEADS, HEADS_DELAYED = 50, 20
KIB = 1024
HEAD_BYTES = 64 * KIB
# Twice what is wanted, which is 64 KiB of sound and the header of 8 before it. The kernel, reading ahead, asks for 128.
MOST_KIB = 2 * (64 + 8)
_TAGS = """
import sys, time, mutagen
start = time.perf_counter()
for path in sys.stdin.read().split("\\0"):
    assert mutagen.File(path).tags, path
print(time.perf_counter() - start)
"""
PATIENCE_SECONDS = 120


def median(values):
    """None when nothing was measured."""
    return statistics.median(values) if values else None


class Remote(Comparison):
    def __init__(self, options):
        super().__init__(options)
        self.tools = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "musicfs-tools")
        self.table = Cells()
        self.caches = {}
        self.servers = None

    def prepare(self):
        self.python = mutagen_python()
        self.served = self.serve(library.make_library(self.root, self.home), library.make_medium(self.home))
        self.tracks = library.TRACKS + 1
        self.systems.make_archive()
        self.servers = Servers(fresh_directory(os.path.join(self.run_dir, "servers")), self.tools, self.served, self.mounts)
        self.servers.start()

    def serve(self, originals, medium):
        """Hard links to the library: a gateway takes no symbolic link for a bucket, and neither may write to the library."""
        served = os.path.join(fresh_directory(os.path.join(self.run_dir, "buckets")), BUCKET)
        shutil.copytree(originals, served, copy_function=os.link)
        os.link(os.path.realpath(medium), os.path.join(served, "loud", "medium.flac"))
        return served

    def close(self):
        try:
            self.mounts.stop_all()
        finally:
            if self.servers:
                self.servers.stop()
            super().close()

    def remote(self):
        for protocol in ("sftp", "s3"):
            self.tag_scan(protocol)
            for delay in DELAYS_MS:
                for name in self.peers(protocol):
                    self.servers.latency(delay)
                    try:
                        self.reading(protocol, delay, name)
                    except (BenchError, OSError, subprocess.SubprocessError) as e:
                        self.fail("%s, %d ms, %s" % (protocol, delay, name), e)
                        self.mounts.stop_all()
                        if self.mounts.over:
                            raise
                    finally:
                        self.servers.latency(0)

    @staticmethod
    def peers(protocol):
        return ["own client"] + (["sshfs"] if protocol == "sftp" else []) + ["rclone", "musicfs"]

    # ---- what is mounted ----

    def begin(self, protocol, name, cache):
        servers = self.servers
        if name == "sshfs":
            return self.mounts.start(
                ["sshfs", "-f", "-F", "/dev/null", "-p", str(servers.sftp_port), "-o", "ro,StrictHostKeyChecking=yes,"
                 "UserKnownHostsFile=%s,IdentityFile=%s,IdentityAgent=none" % (servers.known_hosts, servers.key),
                 "%s@127.0.0.1:%s" % (servers.user, self.served), "{}"], "sshfs", self.systems.env)
        if name == "rclone":
            remote = (":sftp,host=127.0.0.1,port=%d,user=%s,key_file='%s',known_hosts_file='%s':%s"
                      % (servers.sftp_port, servers.user, servers.key, servers.known_hosts, self.served)
                      if protocol == "sftp" else
                      ":s3,provider=Other,access_key_id=%s,secret_access_key=%s,endpoint='http://127.0.0.1:%d':%s"
                      % (KEY, SECRET, servers.s3_port, BUCKET))
            # Its manual recommends fast fingerprints for both: without them it hashes each file before the first read.
            return self.mounts.start(["rclone", "mount", remote, "{}", "--config", "/dev/null", "--cache-dir", cache,
                                      "--read-only", "--vfs-cache-mode", "full", "--vfs-fast-fingerprint"], "rclone",
                                     self.systems.env)
        return self.musicfs(protocol, cache)

    def musicfs(self, protocol, cache):
        servers = self.servers
        config = cache.rstrip("/") + ".toml"
        with open(config, "w", encoding="utf-8") as out:
            out.write('[[origins]]\nid = "remote"\ntype = "%s"\n' % protocol)
            if protocol == "sftp":
                out.write('url = "sftp://%s@127.0.0.1:%d%s"\nknown_hosts = "%s"\nidentity_file = "%s"\nagent = false\n'
                          % (servers.user, servers.sftp_port, self.served, servers.known_hosts, servers.key))
            else:
                out.write('url = "s3://%s"\nendpoint = "http://127.0.0.1:%d"\naccess_key_env = "BENCH_KEY"\n'
                          'secret_key_env = "BENCH_SECRET"\n' % (BUCKET, servers.s3_port))
            out.write('[cache]\nsize = "4GiB"\n')
        command = next(iter(self.systems.ways().values())) + ["mount", "{}", "-c", config, "--cache-dir", cache]
        return self.mounts.start(command, "musicfs", dict(self.systems.env, BENCH_KEY=KEY, BENCH_SECRET=SECRET))

    def cache_for(self, protocol, name):
        """A cache directory with no byte of a file in it; MusicFS knows the names and tags already."""
        cache = os.path.join(self.run_dir, "cache")
        shutil.rmtree(cache, ignore_errors=True)
        if name == "musicfs":
            shutil.copytree(self.caches[protocol], cache)
        else:
            os.makedirs(cache)
        return cache

    def settle(self, mount):
        """Nothing moves any more, neither in the daemon nor on the wire."""
        mount.settle()
        self.servers.settle()

    # ---- what is measured ----

    def reading(self, protocol, delay, name):
        heads, speeds, taken = [], [], []
        measure = self.own_client if name == "own client" else self.through_mount
        for _ in range(1 if delay else self.runs):
            head, kib, speed = measure(protocol, delay, name)
            for values, value in ((heads, head), (taken, kib), (speeds, speed)):
                if value is not None:
                    values.append(value)
        no_slower = Must("no slower than sshfs", lambda value, than: value <= than, "sshfs") if protocol == "sftp" else None
        thrifty = Must("at most %d" % MOST_KIB, lambda value, _: value <= MOST_KIB)
        what = "%s, %d ms: " % (protocol, delay)
        self.table.put(what + "first 64 KiB of a never-read track, p50 of %d (ms)" % (HEADS_DELAYED if delay else HEADS),
                       name, median(heads), no_slower)
        self.table.put(what + "on the wire for each of these (KiB)", name, median(taken), thrifty)
        size = library.MEDIUM_BYTES if delay else library.LONG_BYTES
        self.table.put(what + "never-read file of %d MB from end to end (MB/s)" % (size // 1_000_000), name, median(speeds),
                       at_least(1, "own client"))

    def through_mount(self, protocol, delay, name):
        mount = self.begin(protocol, name, self.cache_for(protocol, name))
        long, loud = self.shown(mount, name, "Medium" if delay else "Long")
        for path in [long] + loud:
            os.stat(path)
        self.settle(mount)
        loud = loud[:HEADS_DELAYED if delay else HEADS]
        before = self.servers.transferred()
        head = probes.head_p50_ms(loud, HEAD_BYTES)
        self.settle(mount)
        taken = (self.servers.transferred() - before) / len(loud) / KIB
        speed = probes.sequential_mb_s(long)
        self.mounts.stop(mount)
        return head, taken, speed

    def shown(self, mount, name, long):
        """The long track and the loud ones, as this system shows them."""
        if name == "musicfs":
            mount.wait(lambda: len(library.names_of(mount.path)) == self.tracks)
            paths = [os.path.join(mount.path, each) for each in library.names_of(mount.path)]
            found = [path for path in paths if "/%s (" % long in path], [path for path in paths if "/Loud (" in path]
            if len(found[0]) != 1 or len(found[1]) != library.LOUD_TRACKS:
                raise BenchError("the noise is not where it should be: %s, %d" % (found[0], len(found[1])))
            return found[0][0], found[1]
        folder = os.path.join(mount.path, "loud")
        own = "%s.flac" % long.lower()
        mount.wait_for(os.path.join("loud", own))
        return (os.path.join(folder, own),
                [os.path.join(folder, "%03d.flac" % number) for number in range(1, library.LOUD_TRACKS + 1)])

    def own_client(self, protocol, delay, _):
        """sftp(1) has no way to read a part of a file; the S3 client reads all of its ranges over one connection."""
        long = "loud/%s.flac" % ("medium" if delay else "long")
        size = os.stat(os.path.join(self.served, long)).st_size
        if protocol == "sftp":
            return None, None, size / 1e6 / sftp_get(self.servers, os.path.join(self.served, long), PATIENCE_SECONDS)
        client = S3Client(self.servers.s3_port, BUCKET, KEY, SECRET, PATIENCE_SECONDS)
        try:
            times = []
            before = self.servers.transferred()
            loud = ["loud/%03d.flac" % number for number in range(1, 1 + (HEADS_DELAYED if delay else HEADS))]
            for path in loud:
                began = time.perf_counter()
                client.get(path, 0, HEAD_BYTES)
                times.append((time.perf_counter() - began) * 1000)
            taken = (self.servers.transferred() - before) / len(loud) / KIB
            return median(times), taken, size / 1e6 / client.get_all(long, size)
        finally:
            client.close()

    def tag_scan(self, protocol):
        """MusicFS's own scan, then a media server's through the mount, twice; the bytes are those on the wire."""
        self.servers.latency(0)
        self.servers.settle()
        cache = fresh_directory(os.path.join(self.run_dir, "cache-" + protocol))
        before = self.servers.transferred()
        mount = self.musicfs(protocol, cache)
        seconds = mount.wait(lambda: len(library.names_of(mount.path)) == self.tracks)
        self.settle(mount)
        self.table.note("%s, 0 ms: the first scan of %d tracks took %.1f s from the start of the program and %.1f KiB on the"
                        " wire for each" % (protocol, self.tracks, seconds, self.since(before, self.tracks)))
        self.mounts.stop(mount)
        self.caches[protocol] = cache
        mount = self.musicfs(protocol, self.cache_for(protocol, "musicfs"))
        mount.wait(lambda: len(library.names_of(mount.path)) == self.tracks)
        names = [os.path.join(mount.path, name) for name in library.names_of(mount.path)]
        self.settle(mount)
        for turn in ("first", "second"):
            if turn == "second":  # Not before the first: opening a file of which nothing is stored fetches its head.
                for path in names:
                    probes.forget(path)
                self.settle(mount)
            before = self.servers.transferred()
            done = subprocess.run([self.python, "-c", _TAGS], input="\0".join(names), capture_output=True, text=True,
                                  check=False, timeout=PATIENCE_SECONDS)
            if done.returncode != 0:
                raise BenchError("mutagen: " + done.stderr.strip()[-300:])
            self.settle(mount)
            self.table.note("%s, 0 ms: the %s tag scan through the mount (mutagen, %d tracks, no pages in the kernel) took"
                            " %.1f s and %s KiB on the wire for each"
                            % (protocol, turn, len(names), float(done.stdout), number(self.since(before, len(names)))))
        self.mounts.stop(mount)

    def since(self, before, files):
        return (self.servers.transferred() - before) / files / KIB


class Cells:
    """The table: a row for each protocol, delay and measurement, a column for each system."""

    SYSTEMS = {"own client": "own client", "sshfs": "sshfs", "rclone": "rclone", "musicfs": "MusicFS"}

    def __init__(self):
        self.rows = {}
        self.musts = {}
        self.notes = ["0 ms: medians of as many runs as the heading says; 50 ms: one run, fewer heads and a smaller file.",
                      "On the wire: what passed Toxiproxy, requests and answers, with all the protocol's own bytes. The own"
                      " clients are sftp(1) and a loop of signed GETs of 8 MiB over one connection."]

    def put(self, what, name, value, must=None):
        self.rows.setdefault(what, {})[name] = value
        self.musts[what] = must

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)
            say(text)

    def markdown(self):
        lines = ["| what (median) | " + " | ".join(self.SYSTEMS.values()) + " | must |",
                 "|---|" + "---:|" * len(self.SYSTEMS) + "---|"]
        for what, values in self.rows.items():
            must = self.musts[what]
            lines.append("| %s | %s | %s |" % (what, " | ".join(number(values.get(name)) for name in self.SYSTEMS),
                                               must.verdict(values) if must else ""))
        return "\n".join(lines + [""] + ["- " + note for note in self.notes])
