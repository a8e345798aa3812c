package dev.musicfs.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The servers, started once in a JVM and shared by its tests: one directory, which the bucket {@code music} of an S3
 * server, an SSH server and a WebDAV server all show, and the Toxiproxy that stands before them. JUnit closes it.
 */
final class Lab implements AutoCloseable {
    private final Path dir;
    private final Path music;
    private final ToxiproxyServer toxiproxy;
    private final SshServer ssh;
    private final S3Server s3;
    private final WebdavServer webdav;

    Lab() {
        try {
            // Under target and not in /tmp: the S3 server wants extended attributes.
            dir = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "chaos").toAbsolutePath()), "lab");
            music = Files.createDirectories(dir.resolve("buckets/music"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        toxiproxy = new ToxiproxyServer(dir.resolve("toxiproxy"));
        ssh = new SshServer(dir.resolve("ssh"));
        s3 = new S3Server(dir.resolve("s3"), dir.resolve("buckets"));
        webdav = new WebdavServer(dir.resolve("webdav"), music);
    }

    /** What the servers show. */
    Path music() {
        return music;
    }

    /** A new directory for a test, which goes with the lab. */
    Path scratch(String name) {
        try {
            return Files.createTempDirectory(dir, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A way to a server with nothing wrong on it. */
    Proxied wayTo(Protocol protocol) {
        return toxiproxy.before(
                switch (protocol) {
                    case S3 -> s3.address();
                    case SFTP -> ssh.address();
                    case HTTP -> webdav.address();
                });
    }

    S3Server s3() {
        return s3;
    }

    SshServer ssh() {
        return ssh;
    }

    @Override
    public void close() throws IOException {
        webdav.close();
        s3.close();
        ssh.close();
        toxiproxy.close();
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
