"""The protocols' own clients: OpenSSH's sftp, and an S3 client of signed ranged GETs."""

import datetime
import hashlib
import hmac
import http.client
import socket
import subprocess
import time

from mounts import BenchError, die_with_parent

RANGE_BYTES = 8 << 20


def sftp_get(servers, path, patience_seconds):
    """Fetches a file with sftp(1), which connects first; gives the seconds."""
    began = time.perf_counter()
    done = subprocess.run(
        ["sftp", "-q", "-F", "/dev/null", "-b", "-", "-P", str(servers.sftp_port), "-i", servers.key, "-o",
         "UserKnownHostsFile=" + servers.known_hosts, "-o", "StrictHostKeyChecking=yes", "-o", "IdentityAgent=none",
         servers.user + "@127.0.0.1"],
        input='get "%s" /dev/null\n' % path, text=True, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        timeout=patience_seconds, preexec_fn=die_with_parent)
    if done.returncode != 0:
        raise BenchError("sftp: " + done.stderr.strip()[-300:])
    return time.perf_counter() - began


class S3Client:
    """One connection, one request after another."""

    def __init__(self, port, bucket, key, secret, patience_seconds):
        self.port, self.bucket, self.key, self.secret = port, bucket, key, secret
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience_seconds)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.connection.close()

    def get_all(self, name, size):
        """Fetches an object, 8 MiB a request; gives the seconds."""
        began = time.perf_counter()
        for start in range(0, size, RANGE_BYTES):
            self.get(name, start, min(RANGE_BYTES, size - start))
        return time.perf_counter() - began

    def get(self, name, offset, length):
        path = "/%s/%s" % (self.bucket, name)
        self.connection.request("GET", path, headers=self._signed(path, "bytes=%d-%d" % (offset, offset + length - 1)))
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 206 or len(body) != length:
            raise BenchError("S3 answered %d with %d bytes to a GET of %d: %s"
                             % (answer.status, len(body), length, body[:300] if answer.status >= 300 else ""))

    def _signed(self, path, wanted):
        """Signature version 4 of a GET without a body, over host, range and date."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {"host": "127.0.0.1:%d" % self.port, "range": wanted, "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
                   "x-amz-date": now}
        names = ";".join(sorted(headers))
        request = "\n".join(["GET", path, "", *("%s:%s" % (name, headers[name]) for name in sorted(headers)), "", names,
                             "UNSIGNED-PAYLOAD"])
        scope = "%s/us-east-1/s3/aws4_request" % now[:8]
        text = "AWS4-HMAC-SHA256\n%s\n%s\n%s" % (now, scope, hashlib.sha256(request.encode()).hexdigest())
        key = ("AWS4" + self.secret).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        headers["Authorization"] = ("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                    % (self.key, scope, names, hmac.new(key, text.encode(), hashlib.sha256).hexdigest()))
        return headers
