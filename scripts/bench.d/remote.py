"""Origins over SFTP and S3, without and with a delay of 50 ms, beside sshfs, rclone mount and the protocols' own clients."""

import datetime
import hashlib
import hmac
import http.client
import os
import shutil
import socket
import subprocess
import time

import library
import probes
from comparison import Comparison
from mounts import BenchError, fresh_directory, say
from readahead import _mutagen_python
from servers import BUCKET, KEY, SECRET, Servers
from table import number

DELAYS_MS = (0, 50)
HEADS, HEADS_DELAYED = 50, 20
HEAD_BYTES = 64 * 1024
RANGE_BYTES = 8 << 20
median = probes.median


class Remote(Comparison):
    def __init__(self, options):
        super().__init__(options)
        self.tools = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "musicfs-tools")
        self.table = Cells()
        self.caches = {}

    def prepare(self):
        self.python = _mutagen_python()
        self.library = library.make_library(self.root, self.home)
        self.loud = ["loud/%03d.flac" % number for number in range(1, HEADS + 1)]
        self.long = "loud/long.flac"
        self.systems.make_archive()
        self.servers = Servers(fresh_directory(os.path.join(self.run_dir, "servers")), self.tools, self.library)
        self.servers.start()

    def close(self):
        try:
            super().close()
        finally:
            if hasattr(self, "servers"):
                self.servers.stop()

    def remote(self):
        for protocol in ("sftp", "s3"):
            self.tag_scan(protocol)
            for delay in DELAYS_MS:
                self.servers.latency(delay)
                for name in self.peers(protocol) + ["MusicFS"]:
                    self.reading(protocol, delay, name)
                self.servers.latency(0)

    @staticmethod
    def peers(protocol):
        return ["own client", "sshfs", "rclone"] if protocol == "sftp" else ["own client", "rclone"]

    # ---- what is mounted ----

    def begin(self, protocol, name, cache):
        if name == "sshfs":
            return self.systems.mounts.start(
                ["sshfs", "-f", "-p", str(self.servers.sftp_port), "-o", "ro,reconnect,StrictHostKeyChecking=yes,"
                 "UserKnownHostsFile=%s,IdentityFile=%s,IdentityAgent=none" % (self.servers.known_hosts, self.servers.key),
                 "root@127.0.0.1:" + self.library, "{}"], "sshfs", self.systems.env)
        if name == "rclone":
            remote = (":sftp,host=127.0.0.1,port=%d,user=root,key_file='%s',known_hosts_file='%s':%s"
                      % (self.servers.sftp_port, self.servers.key, self.servers.known_hosts, self.library)
                      if protocol == "sftp" else
                      ":s3,provider=Other,access_key_id=%s,secret_access_key=%s,endpoint='http://127.0.0.1:%d':%s"
                      % (KEY, SECRET, self.servers.s3_port, BUCKET))
            return self.systems.mounts.start(["rclone", "mount", remote, "{}", "--config", "/dev/null", "--cache-dir", cache,
                                              "--read-only", "--vfs-cache-mode", "full"], "rclone", self.systems.env)
        return self.musicfs(protocol, cache)

    def musicfs(self, protocol, cache):
        config = cache.rstrip("/") + ".toml"
        with open(config, "w", encoding="utf-8") as out:
            out.write('[[origins]]\nid = "remote"\ntype = "%s"\n' % protocol)
            if protocol == "sftp":
                out.write('url = "sftp://root@127.0.0.1:%d%s"\nknown_hosts = "%s"\nidentity_file = "%s"\nagent = false\n'
                          % (self.servers.sftp_port, self.library, self.servers.known_hosts, self.servers.key))
            else:
                out.write('url = "s3://%s"\nendpoint = "http://127.0.0.1:%d"\naccess_key_env = "BENCH_KEY"\n'
                          'secret_key_env = "BENCH_SECRET"\n' % (BUCKET, self.servers.s3_port))
            out.write('[cache]\nsize = "4GiB"\n')
        command = next(iter(self.systems.ways().values())) + ["mount", "{}", "-c", config, "--cache-dir", cache]
        return self.mounts.start(command, "musicfs", dict(self.systems.env, BENCH_KEY=KEY, BENCH_SECRET=SECRET))

    def known(self, protocol):
        """A cache directory with every name and tag and no byte of a file."""
        cache = os.path.join(self.run_dir, "known")
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(self.caches[protocol], cache, ignore=shutil.ignore_patterns("store", "*.sock", "*.log", "*.lock"))
        return cache

    # ---- what is measured ----

    def reading(self, protocol, delay, name):
        heads, speeds, taken = [], [], []
        for _ in range(self.runs if not delay else 1):
            if name == "own client":
                if not delay:
                    heads.append(None)
                speeds.append(self.own_client(protocol))
                continue
            cache = self.known(protocol) if name == "MusicFS" else fresh_directory(os.path.join(self.run_dir, "peer"))
            mount = self.begin(protocol, name, cache)
            try:
                names = self.shown(mount, name)
                some = names[1:1 + (HEADS_DELAYED if delay else HEADS)]
                for path in names:
                    os.stat(path)
                mount.settle()
                before = self.servers.received(protocol)
                heads.append(probes.head_p50_ms(some, HEAD_BYTES))
                mount.settle()
                taken.append((self.servers.received(protocol) - before) / len(some) / 1024)
                speeds.append(probes.sequential_mb_s(names[0]))
            finally:
                self.mounts.stop(mount)
        self.table.put(protocol, delay, name, "first 64 KiB p50 (ms)", median(heads) if any(heads) else None)
        self.table.put(protocol, delay, name, "KiB sent for each (64 wanted)", median(taken) if taken else None)
        self.table.put(protocol, delay, name, "300 MB never read (MB/s)", median(speeds))

    def shown(self, mount, name):
        """The long track and then the loud ones, as this system shows them."""
        if name == "MusicFS":
            noise = os.path.join(mount.path, "Noise")
            mount.wait(lambda: len(library.names_of(noise)) >= library.LOUD_TRACKS + 1)
            paths = [os.path.join(noise, each) for each in library.names_of(noise)]
            return ([path for path in paths if "/Long (" in path] + [path for path in paths if "/Loud (" in path])
        mount.wait_for(self.long)
        return [os.path.join(mount.path, each) for each in [self.long] + self.loud]

    def own_client(self, protocol):
        size = os.stat(os.path.join(self.library, self.long)).st_size
        began = time.perf_counter()
        if protocol == "sftp":
            subprocess.run(["sftp", "-q", "-b", "-", "-P", str(self.servers.sftp_port), "-i", self.servers.key, "-o",
                            "UserKnownHostsFile=" + self.servers.known_hosts, "-o", "IdentityAgent=none", "root@127.0.0.1"],
                           input='get "%s" /dev/null\n' % os.path.join(self.library, self.long), text=True, check=True,
                           stdout=subprocess.DEVNULL)
        else:
            self.ranged_gets(size)
        return size / 1e6 / (time.perf_counter() - began)

    def ranged_gets(self, size):
        """One connection, 8 MiB a request, one after another."""
        connection = http.client.HTTPConnection("127.0.0.1", self.servers.s3_port, timeout=60)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, size, RANGE_BYTES):
            end = min(start + RANGE_BYTES, size) - 1
            connection.request("GET", "/%s/%s" % (BUCKET, self.long),
                               headers=self.signed("/%s/%s" % (BUCKET, self.long), "bytes=%d-%d" % (start, end)))
            answer = connection.getresponse()
            if answer.status != 206 or len(answer.read()) != end - start + 1:
                raise BenchError("S3 answered %d to a ranged GET" % answer.status)
        connection.close()

    def signed(self, path, wanted):
        """Signature version 4 of a GET without a body, over host, range and date."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {"host": "127.0.0.1:%d" % self.servers.s3_port, "range": wanted,
                   "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": now}
        names = ";".join(sorted(headers))
        request = "\n".join(["GET", path, "", *("%s:%s" % (name, headers[name]) for name in sorted(headers)), "", names,
                             "UNSIGNED-PAYLOAD"])
        scope = "%s/us-east-1/s3/aws4_request" % now[:8]
        text = "AWS4-HMAC-SHA256\n%s\n%s\n%s" % (now, scope, hashlib.sha256(request.encode()).hexdigest())
        key = ("AWS4" + SECRET).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        headers["Authorization"] = ("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                    % (KEY, scope, names, hmac.new(key, text.encode(), hashlib.sha256).hexdigest()))
        return headers

    def tag_scan(self, protocol):
        """MusicFS's own scan of 1,000 tracks, then a media server's through the mount, twice; the bytes are those on the wire."""
        cache = fresh_directory(os.path.join(self.run_dir, "cache-" + protocol))
        before = self.servers.received(protocol)
        mount = self.musicfs(protocol, cache)
        mount.wait_serving()
        seconds = mount.wait(lambda: len(library.names_of(mount.path)) == library.TRACKS)
        mount.settle()
        sent = self.servers.received(protocol) - before
        self.table.note("%s: the first scan of %d tracks took %.1f s and %.1f KiB on the wire for each"
                        % (protocol, library.TRACKS, seconds, sent / library.TRACKS / 1024))
        names = [os.path.join(mount.path, name) for name in library.names_of(mount.path)]
        mutagen = ("import sys, time, mutagen\nstart = time.perf_counter()\n"
                   "for path in sys.stdin.read().split('\\0'):\n    assert mutagen.File(path).tags, path\n"
                   "print(time.perf_counter() - start)\n")
        for turn in ("first", "second"):
            for path in names:
                probes.forget(path)
            before = self.servers.received(protocol)
            done = subprocess.run([self.python, "-c", mutagen], input="\0".join(names), capture_output=True, text=True,
                                  check=True)
            mount.settle()
            sent = self.servers.received(protocol) - before
            self.table.note("%s: the %s tag scan through the mount (mutagen, %d tracks, kernel pages dropped) took %.1f s and"
                            " %.1f KiB on the wire for each" % (protocol, turn, len(names), float(done.stdout),
                                                                sent / len(names) / 1024))
        self.mounts.stop(mount)
        self.caches[protocol] = cache


class Cells:
    """One row for each protocol, delay and measurement, a column for each system."""

    SYSTEMS = ("own client", "sshfs", "rclone", "MusicFS")

    def __init__(self):
        self.rows = {}
        self.notes = []

    def put(self, protocol, delay, name, what, value):
        self.rows.setdefault((protocol, delay, what), {})[name] = value

    def note(self, text):
        self.notes.append(text)
        say(text)

    def markdown(self):
        lines = ["| what (median) | " + " | ".join(self.SYSTEMS) + " |", "|---|" + "---:|" * len(self.SYSTEMS)]
        for (protocol, delay, what), values in self.rows.items():
            lines.append("| %s, %d ms: %s | %s |" % (protocol, delay, what, " | ".join(
                number(values.get(name)) for name in self.SYSTEMS)))
        return "\n".join(lines + [""] + ["- " + note for note in self.notes])
