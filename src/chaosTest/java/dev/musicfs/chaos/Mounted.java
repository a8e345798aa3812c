package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Shell;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The real jar on a real mount, with a configuration file. */
final class Mounted implements AutoCloseable {
    private final DaemonProcess daemon;
    private final ControlApi api;

    private Mounted(DaemonProcess daemon, Path cacheDir) {
        this.daemon = daemon;
        this.api = new ControlApi(cacheDir);
    }

    /** Starts and does not wait. */
    static Mounted start(Path dir, String configuration) throws IOException {
        Path config = Files.writeString(Files.createTempFile(dir, "musicfs", ".toml"), configuration);
        Path mountPoint = Files.createDirectories(dir.resolve("mount"));
        Path cache = dir.resolve("cache");
        return new Mounted(DaemonProcess.configured(Map.of("AWS_CA_BUNDLE", ""), mountPoint, cache, config), cache);
    }

    /** Starts and waits until the tree has all tracks of the library. */
    static Mounted scanned(Path dir, String configuration, Library library) throws IOException {
        Mounted mounted = start(dir, configuration);
        try {
            mounted.daemon.awaitOutput("musicfs: serving ");
            mounted.awaitTracks(library);
            return mounted;
        } catch (RuntimeException | AssertionError e) {
            mounted.close();
            throw e;
        }
    }

    /** What every configuration here begins with: health that is seen soon, and little fetched ahead, so that much is left to fail. */
    static final String SETTINGS =
            """
            [cache]
            read_ahead = "256KiB"

            [health]
            interval = "1s"
            timeout = "2s"

            """;

    /** An origin's table, with the patience that {@link #SETTINGS} has. */
    static String origin(String id, int priority, String keys) {
        return origin(id, priority, "2s", keys);
    }

    /** @param timeout how long a request may take */
    static String origin(String id, int priority, String timeout, String keys) {
        return """
                [[origins]]
                id = "%s"
                priority = %d
                timeout = "%s"
                poll_interval = "3s"
                %s
                """
                .formatted(id, priority, timeout, keys);
    }

    DaemonProcess daemon() {
        return daemon;
    }

    ControlApi api() {
        return api;
    }

    Path mountPoint() {
        return daemon.mountPoint();
    }

    /** Where a track is in the mount. */
    Path track(String shown) {
        return daemon.mountPoint().resolve(shown);
    }

    /** So that reading a track asks the daemon again. */
    void dropPageCache(String track) {
        Shell.require("dd", "if=" + track(track), "iflag=nocache", "count=0", "of=/dev/null", "status=none");
    }

    /** Waits until every track is there. */
    void awaitTracks(Library library) {
        daemon.await(() -> isComplete(library), "all tracks to be in the tree");
    }

    /** Whether every track is there with its true size. */
    boolean isComplete(Library library) {
        return library.shown().stream().allMatch(track -> {
            try {
                return Files.size(track(track)) == Files.size(library.original(track));
            } catch (IOException absent) {
                return false;
            }
        });
    }

    /** Waits until every origin is used as if nothing had been, and nothing is held for anybody. */
    void awaitHealed() {
        // Seen once: a probe or a scan may be under way the moment after.
        daemon.await(() -> unhealed().isEmpty(), "everything to be as before");
    }

    private List<String> unhealed() {
        Map<String, Object> odd = new TreeMap<>();
        for (JsonObject origin : api.origins()) {
            String id = origin.getString("id");
            note(odd, id + " state", origin.getString("state"), "up");
            note(odd, id + " breaker", origin.getString("breaker"), "closed");
            note(odd, id + " inFlight", origin.getLong("inFlight"), 0L);
            note(odd, id + " queued", origin.getLong("queued"), 0L);
        }
        JsonObject process = api.process();
        for (String room : List.of("content", "mount")) {
            process.getJsonObject(room)
                    .forEach(gauge ->
                            note(odd, room + " " + gauge.getKey(), ((Number) gauge.getValue()).longValue(), 0L));
        }
        return odd.entrySet().stream().map(Object::toString).toList();
    }

    /** Waits until no thread for an origin's blocking calls is in one; only a thread that never comes back is found here. */
    void awaitIdleThreads() {
        daemon.await(() -> busyThreads().isEmpty(), "the threads of the origins to be idle");
    }

    private List<String> busyThreads() {
        try {
            Shell dump = Shell.run(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(daemon.pid()),
                    "Thread.print");
            assertThat(dump.exitCode()).as(dump.output()).isZero();
            assertThat(dump.output()).contains("vert.x-eventloop-thread");
            return Arrays.stream(dump.output().split("\n\n", -1))
                    .filter(thread -> thread.startsWith("\"origin-") && !thread.contains("ThreadPoolExecutor.getTask"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void note(Map<String, Object> odd, String what, Object is, Object should) {
        if (!should.equals(is)) {
            odd.put(what, is);
        }
    }

    @Override
    public void close() {
        daemon.close();
    }
}
