package dev.musicfs.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** versitygw before a directory, each directory in which is a bucket. */
final class S3Server implements AutoCloseable {
    private static final String ACCESS_KEY = "chaos";
    private static final String SECRET_KEY = "chaos-secret";

    private final Path dir;
    private final Child child;

    S3Server(Path dir, Path buckets) {
        this.dir = dir;
        String program = Program.require("versitygw");
        this.child = Child.start(
                "versitygw",
                dir,
                Map.of("ROOT_ACCESS_KEY", ACCESS_KEY, "ROOT_SECRET_KEY", SECRET_KEY),
                // Without keep-alive it closes every connection after one answer.
                port -> List.of(
                        program,
                        "--keep-alive",
                        "--quiet",
                        "--port",
                        "127.0.0.1:" + port,
                        "posix",
                        buckets.toString()));
    }

    /** A file with the name of a key. */
    Path accessKey() {
        return secret("access-key", ACCESS_KEY);
    }

    /** A file with the key. */
    Path secretKey() {
        return secret("secret-key", SECRET_KEY);
    }

    private Path secret(String name, String text) {
        try {
            Path file = dir.resolve(name);
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    String address() {
        return child.address();
    }

    @Override
    public void close() {
        child.close();
    }
}
