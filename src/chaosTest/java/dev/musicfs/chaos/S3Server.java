package dev.musicfs.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** versitygw before a directory, each directory in which is a bucket. */
final class S3Server implements AutoCloseable {
    /** The variables in which a daemon finds the keys. */
    static final String ACCESS_VARIABLE = "CHAOS_S3_ACCESS";

    static final String SECRET_VARIABLE = "CHAOS_S3_SECRET";
    static final String ACCESS_KEY = "chaos";
    static final String SECRET_KEY = "chaos-secret";

    private final Child child;

    S3Server(Path dir, Path buckets) {
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

    /** Where it listens. */
    String address() {
        return child.address();
    }

    @Override
    public void close() {
        child.close();
    }
}
