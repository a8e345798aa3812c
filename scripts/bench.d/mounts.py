"""Processes and mounts: every process is ended by its pid and every mount is detached, whatever happens."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time

PATIENCE_SECONDS = 60
POLL_SECONDS = 0.001
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


class BenchError(Exception):
    """Something that was to be measured did not work; the message says what."""


def die_with_parent():
    """Runs in the child: even a killed benchmark leaves no daemon behind."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def is_mounted(path):
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as table:
        return any(line.split(" ")[4] == path for line in table)


def _started_at(pid):
    """The kernel's start time of a process: with the pid, it names one process for ever."""
    with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as stat:
        return stat.read().rpartition(")")[2].split()[19]


class Mount:
    """A filesystem being served by a process of ours."""

    def __init__(self, process, path, log, started):
        self.process = process
        self.path = path
        self.log = log
        self.started = started

    @property
    def pid(self):
        return self.process.pid

    def wait(self, usable):
        """Waits until usable() is true; gives the seconds since exec."""
        reason = "nothing was wrong, only not complete"
        while True:
            try:
                if usable():
                    return time.monotonic() - self.started
            except OSError as e:
                reason = str(e)  # Not there yet; a dead daemon is told apart below.
            if self.process.poll() is not None:
                raise BenchError("%s ended with exit code %d before it was usable:\n%s"
                                 % (self.process.args[0], self.process.returncode, self.log_tail()))
            if time.monotonic() - self.started > PATIENCE_SECONDS:
                raise BenchError("%s was not usable after %d s: %s\n%s"
                                 % (self.process.args[0], PATIENCE_SECONDS, reason, self.log_tail()))
            time.sleep(POLL_SECONDS)

    def wait_for(self, relative):
        """Waits until a path in the mount can be stat'ed; gives the seconds since exec."""
        path = os.path.join(self.path, relative)
        try:
            return self.wait(lambda: os.stat(path) is not None)
        except BenchError as e:
            raise BenchError("%s%s" % (e, self.what_lists(relative))) from None

    def what_lists(self, relative):
        """Which of the directories on the way list the next name: tells a stale "not there" from a missing track."""
        if self.process.poll() is not None:
            return ""
        said, folder = [], self.path
        for name in relative.split("/"):
            try:
                said.append("%s is %s" % (name, "listed" if name in os.listdir(folder) else "not listed"))
            except OSError as e:
                said.append(str(e))
            folder = os.path.join(folder, name)
        return "    yet " + ", ".join(said)

    def wait_serving(self):
        """Waits until the mount is there and answers; gives the seconds since exec."""
        under = os.stat(os.path.dirname(self.path)).st_dev
        return self.wait(lambda: os.stat(self.path).st_dev != under and os.listdir(self.path) is not None)

    def rss_mb(self, peak=False):
        with open("/proc/%d/status" % self.pid, encoding="ascii", errors="replace") as status:
            wanted = "VmHWM:" if peak else "VmRSS:"
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith(wanted))

    def counter(self, name):
        """One line of /proc/PID/io: rchar and wchar are bytes through read(2) and write(2), syscr and syscw the calls."""
        with open("/proc/%d/io" % self.pid, encoding="ascii") as counters:
            return next(int(line.split()[1]) for line in counters if line.startswith(name + ":"))

    def reads(self):
        """read(2) calls of the daemon so far; each FUSE request takes one."""
        return self.counter("syscr")

    def settle(self, quiet_seconds=0.5, at_most_seconds=20):
        """Waits until the daemon has read and written nothing for a while: scans and fetching ahead are over."""
        last, since, began = None, time.monotonic(), time.monotonic()
        while time.monotonic() - since < quiet_seconds:
            now = self.counter("rchar"), self.counter("wchar")
            if now != last:
                last, since = now, time.monotonic()
            if time.monotonic() - began > at_most_seconds:
                return
            time.sleep(0.05)

    def log_tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            return "".join("    " + line for line in lines.readlines()[-15:])


class Mounts:
    """Starts mounts and ends them all."""

    def __init__(self, run_dir):
        self.run_dir = run_dir
        self.live = []
        self.count = 0
        self.over = False

    def start(self, command, name, env):
        """Starts a foreground daemon; "{}" in the command is the mountpoint."""
        if self.over:
            raise BenchError("the time was over")
        self.count += 1
        path = os.path.join(self.run_dir, "%s-%d" % (name, self.count))
        os.mkdir(path)
        log = path + ".log"
        with open(log, "wb") as out:
            started = time.monotonic()
            process = subprocess.Popen([path if part == "{}" else part for part in command],
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env,
                                       start_new_session=True, preexec_fn=die_with_parent)
        mount = Mount(process, path, log, started)
        self.live.append(mount)
        self.record(process.pid)
        return mount

    def record(self, pid):
        """For scripts/bench, which ends what is left when this program was killed."""
        with open(os.path.join(self.run_dir, "processes"), "a", encoding="ascii") as out:
            out.write("%d %s\n" % (pid, _started_at(pid)))

    def stop(self, mount):
        """SIGTERM, then SIGKILL after 15 s; the mount is gone afterwards in any case."""
        process = mount.process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                say("process %d (%s) ignored SIGTERM for 15 s and was killed" % (process.pid, process.args[0]))
                process.kill()
                process.wait()
        if is_mounted(mount.path):
            say("%s was still mounted after its process had ended" % mount.path)
            self.detach(mount.path)
        self.live.remove(mount)
        try:
            os.rmdir(mount.path)
        except OSError as e:
            say("%s stays: %s" % (mount.path, e))

    @staticmethod
    def detach(path):
        if subprocess.run(["fusermount3", "-uz", path], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            subprocess.run(["umount", "-l", path], check=False)

    def stop_all(self):
        for mount in list(self.live):
            try:
                self.stop(mount)
            except OSError as e:
                say("%s: %s" % (mount.path, e))

    def kill_all(self):
        """For the watchdog: a killed daemon's callers get an error instead of waiting for ever; none starts after."""
        self.over = True
        for mount in list(self.live):
            if mount.process.poll() is None:
                mount.process.kill()


class Systems:
    """How each system under comparison is started."""

    def __init__(self, root, jar, home, mounts):
        self.mounts = mounts
        self.home = home
        self.jar = jar
        launcher = os.path.join(root, "scripts", "musicfs")
        self.launcher = [launcher] if os.access(launcher, os.X_OK) else None
        # No configuration and no cache of the user's own may have a say.
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("MUSICFS_", "RCLONE_"))
                    and key not in ("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "AWS_CA_BUNDLE")}
        self.env.update(MUSICFS_JAR=jar, XDG_CACHE_HOME=os.path.join(home, "xdg-cache"),
                        XDG_CONFIG_HOME=os.path.join(home, "xdg-config"))
        if not any(self.env.get(key) for key in ("LC_ALL", "LC_CTYPE", "LANG")):
            self.env["LC_ALL"] = "C.UTF-8"

    def ways(self):
        """The ways to start MusicFS by name."""
        plain = {"java -jar": ["java", "-jar", self.jar]}
        return {"launcher": self.launcher, **plain} if self.launcher else plain

    def make_archive(self):
        if self.launcher:
            done = subprocess.run(self.launcher + ["--make-archive"], env=self.env, capture_output=True, text=True,
                                  check=False)
            if done.returncode != 0:
                say("no class archive, starts are slower: " + done.stderr.strip())

    @staticmethod
    def _write_config(path, origins, settings):
        with open(path, "w", encoding="utf-8") as out:
            for name, directory in origins.items():
                out.write('[[origins]]\nid = "%s"\ntype = "local"\npath = "%s"\n' % (name, directory))
            out.write(settings)

    def musicfs(self, origins, cache_dir, way=None, settings=""):
        """Mounts origins, a dict of id to directory, with the first way to start unless one is named."""
        command = self.ways()[way] if way else next(iter(self.ways().values()))
        config = cache_dir.rstrip("/") + ".toml"
        self._write_config(config, origins, settings)
        return self.mounts.start(command + ["mount", "{}", "-c", config, "--cache-dir", cache_dir], "musicfs", self.env)

    def refusal(self, settings):
        """What the program says when a key of these settings is not one of its version; None when it takes them."""
        config = os.path.join(self.mounts.run_dir, "check.toml")
        self._write_config(config, {}, settings)
        command = next(iter(self.ways().values())) + ["config", "check", "-c", config]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
        if done.returncode == 0:
            return None
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        unknown = [line for line in said if "is not a key of this version" in line]
        if unknown:
            return unknown[0].rpartition(": ")[2] if ": " in unknown[0] else unknown[0]
        raise BenchError("config check ended with exit code %d: %s" % (done.returncode, " / ".join(said)[:500]))

    def bindfs(self, directory):
        return self.mounts.start(["bindfs", "-f", "-r", directory, "{}"], "bindfs", self.env)

    def rclone(self, directory, cache_dir):
        """rclone's full cache over its local backend; no configuration, nothing on the network."""
        # Its manual recommends fast fingerprints over local disks: without them it hashes each file before the first read.
        return self.mounts.start(["rclone", "mount", directory, "{}", "--config", "/dev/null", "--cache-dir", cache_dir,
                                  "--read-only", "--vfs-cache-mode", "full", "--vfs-fast-fingerprint"], "rclone", self.env)


def fresh_directory(path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path
