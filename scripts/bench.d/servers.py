"""Real servers on 127.0.0.1 over a directory of music, each behind Toxiproxy, which delays and counts what passes."""

import getpass
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request

from mounts import BenchError, die_with_parent

PATIENCE_SECONDS = 20
KEY, SECRET = "benchkey", "benchsecret"
BUCKET = "music"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Servers:
    """Started together, ended together; the processes die with this program whatever happens."""

    def __init__(self, run_dir, tools, served, mounts):
        """Serves the directory "served", which is a bucket by its name and lies in a directory of nothing else."""
        self.run_dir = run_dir
        self.tools = tools
        self.served = served
        self.mounts = mounts
        self.user = getpass.getuser()
        self.processes = []
        self.key = os.path.join(run_dir, "user_key")
        self.known_hosts = os.path.join(run_dir, "known_hosts")

    def start(self):
        self.api = free_port()
        self._run([os.path.join(self.tools, "toxiproxy-server"), "-host", "127.0.0.1", "-port", str(self.api)], "toxiproxy",
                  LOG_LEVEL="error")
        self._await(self.api)
        self.toxiproxy = self.processes[-1]
        self.sftp_port = self._proxy("sftp", self._sshd())
        self.s3_port = self._proxy("s3", self._versitygw())
        with open(os.path.join(self.run_dir, "host_key.pub"), encoding="ascii") as key:
            kind, value = key.read().split()[:2]
        with open(self.known_hosts, "w", encoding="ascii") as out:
            out.write("[127.0.0.1]:%d %s %s\n" % (self.sftp_port, kind, value))

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def latency(self, milliseconds):
        """Delays every answer by so much, in place of the delay before."""
        for name in ("sftp", "s3"):
            for toxic in self._call("GET", "/proxies/%s/toxics" % name):
                self._call("DELETE", "/proxies/%s/toxics/%s" % (name, toxic["name"]))
            if milliseconds:
                self._call("POST", "/proxies/%s/toxics" % name,
                           {"type": "latency", "stream": "downstream", "attributes": {"latency": milliseconds}})

    def transferred(self):
        """
        The bytes that passed so far, those of requests and those of answers. Toxiproxy's own metrics hold the bytes of a
        connection only when it has ended, so they are of no use for one that stays; what its process wrote to its sockets
        is the same and up to date.
        """
        with open("/proc/%d/io" % self.toxiproxy.pid, encoding="ascii") as counters:
            return next(int(line.split()[1]) for line in counters if line.startswith("wchar:"))

    def settle(self, quiet_seconds=0.6, at_most_seconds=20):
        """Waits until nothing has passed for a while; only answers to what stands still (keep-alives) is so little."""
        last, since, began = None, time.monotonic(), time.monotonic()
        while time.monotonic() - since < quiet_seconds:
            now = self.transferred()
            if last is None or now - last > 200:
                last, since = now, time.monotonic()
            if time.monotonic() - began > at_most_seconds:
                return
            time.sleep(0.05)

    # ---- the servers ----

    def _sshd(self):
        port = free_port()
        for name in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(self.run_dir, name)], check=True)
        os.replace(self.key + ".pub", os.path.join(self.run_dir, "authorized_keys"))
        config = os.path.join(self.run_dir, "sshd_config")
        with open(config, "w", encoding="utf-8") as out:
            out.write("ListenAddress 127.0.0.1\nPort %d\nHostKey %s\nAuthorizedKeysFile %s\nStrictModes no\nUsePAM no\n"
                      "PasswordAuthentication no\nPermitRootLogin yes\nMaxStartups 100\nPidFile none\n"
                      "Subsystem sftp internal-sftp\n" % (port, os.path.join(self.run_dir, "host_key"),
                                                          os.path.join(self.run_dir, "authorized_keys")))
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self._run([shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/sbin") or "/usr/sbin/sshd", "-D", "-e", "-f",
                   config], "sshd")
        self._await(port)
        return port

    def _versitygw(self):
        port = free_port()
        self._run([os.path.join(self.tools, "versitygw"), "--keep-alive", "--quiet", "--port", "127.0.0.1:%d" % port, "posix",
                   os.path.dirname(self.served)], "versitygw", ROOT_ACCESS_KEY=KEY, ROOT_SECRET_KEY=SECRET)
        self._await(port)
        return port

    def _run(self, command, name, **more):
        env = {key: value for key, value in os.environ.items() if key != "AWS_CA_BUNDLE"}
        with open(os.path.join(self.run_dir, name + ".log"), "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**env, **more},
                                       preexec_fn=die_with_parent)
        process.bench_log = log.name
        self.processes.append(process)
        self.mounts.record(process.pid)

    def _await(self, port):
        process = self.processes[-1]
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            if process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        with open(process.bench_log, encoding="utf-8", errors="replace") as log:
            raise BenchError("%s does not listen: %s" % (process.args[0], log.read()[-500:]))

    def _proxy(self, name, upstream):
        made = self._call("POST", "/proxies", {"name": name, "listen": "127.0.0.1:0",
                                               "upstream": "127.0.0.1:%d" % upstream, "enabled": True})
        return int(re.search(r":(\d+)$", made["listen"]).group(1))

    def _call(self, method, path, body=None):
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.api, path), method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            text = answer.read()
        return json.loads(text) if text else None
