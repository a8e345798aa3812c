package dev.musicfs.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** rclone's WebDAV server before a directory. */
final class WebdavServer implements AutoCloseable {
    private final Child child;

    WebdavServer(Path dir, Path root) {
        String program = Program.require("rclone");
        this.child = Child.start(
                "rclone",
                dir,
                Map.of("RCLONE_CONFIG", dir.resolve("no-rclone.conf").toString()),
                port -> List.of(
                        program,
                        "serve",
                        "webdav",
                        root.toString(),
                        "--addr",
                        "127.0.0.1:" + port,
                        "--read-only",
                        "--dir-cache-time",
                        "1s"));
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
