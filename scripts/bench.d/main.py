"""Measures MusicFS beside the plain directory, bindfs and rclone in one run; started by scripts/bench."""

import argparse
import os
import platform
import signal
import subprocess
import sys
import threading
import time

from mounts import BenchError, say
from readahead import ReadAhead
from remote import Remote
from sections import SECTIONS, Sections

MOST_SECONDS, MOST_SECONDS_QUICK = 900, 600
FAILURES = (BenchError, OSError, subprocess.SubprocessError)


def heading(bench, options):
    commit = subprocess.run(["git", "-C", options.root, "describe", "--always", "--dirty"], capture_output=True, text=True,
                            check=False).stdout.strip()
    filesystem = subprocess.run(["stat", "-f", "-c", "%T", options.home], capture_output=True, text=True,
                                check=False).stdout.strip()
    java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr.split("\n")[0]
    rclone = subprocess.run(["rclone", "version"], capture_output=True, text=True, env=bench.systems.env,
                            check=False).stdout.split("\n")[0]
    return "MusicFS %s, %s, %s, Linux %s, %d CPUs, load %.1f before, files on %s; %d runs each" % (
        commit or "?", java, rclone, platform.release(), os.cpu_count(), os.getloadavg()[0], filesystem, bench.runs)


def run(bench, sections):
    """Each section by itself: one that fails is reported and the next begins."""
    try:
        bench.prepare()
    except FAILURES as e:
        bench.fail("preparing", e)
        return
    for name in sections:
        began = time.monotonic()
        try:
            bench.tree_section() if name == "tree" else getattr(bench, name)()
        except FAILURES as e:
            bench.fail("section " + name, e)
            bench.mounts.stop_all()
            if bench.mounts.over:
                return
        else:
            say("section %s took %.0f s, load %.1f" % (name, time.monotonic() - began, os.getloadavg()[0]))


def main():
    parser = argparse.ArgumentParser()
    for name in ("root", "jar", "home"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("sections", nargs="*")
    options = parser.parse_args()
    ends = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def end(number, _):
        # Cleaning up is not interrupted: Ctrl-C comes twice, from the terminal and from scripts/bench. Not SIG_IGN: Python
        # raises an OSError for a signal that was under way by then.
        for each in ends:
            signal.signal(each, lambda *_: None)
        sys.exit(128 + number)

    for number in ends:
        signal.signal(number, end)
    asked = options.sections or SECTIONS
    benches = []
    if any(name in SECTIONS for name in asked):
        benches.append((Sections, [name for name in SECTIONS if name in asked]))
    if "readahead" in asked:
        benches.append((ReadAhead, ["readahead"]))
    if "remote" in asked:
        benches.append((Remote, ["remote"]))
    failed = False
    for kind, sections in benches:
        bench = kind(options)
        title = heading(bench, options)
        began = time.monotonic()

        most = MOST_SECONDS_QUICK if options.quick else MOST_SECONDS

        def time_over():
            say("%d minutes are over, killing the daemons" % (most // 60))
            bench.mounts.kill_all()

        watchdog = threading.Timer(most, time_over)
        watchdog.daemon = True
        watchdog.start()
        try:
            run(bench, sections)
        finally:
            watchdog.cancel()
            bench.close()
        print(title + ", %.0f s in all\n" % (time.monotonic() - began))
        print(bench.table.markdown() + "\n", flush=True)
        failed = failed or bench.failed
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
