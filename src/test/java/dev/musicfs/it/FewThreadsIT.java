package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.control.ControlClient;
import dev.musicfs.control.RemoteDaemon;
import dev.musicfs.testkit.AudioEncoding;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.OtherUser;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.TestAudio;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon to which the system gives no further thread. Root is bound by no such limit, so it is another user's. */
class FewThreadsIT {
    @TempDir
    Path dir;

    private Path origin;
    private Path mount;
    private Path cache;
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        origin = TestAudio.library(Files.createDirectories(dir.resolve("origin")));
        mount = Files.createDirectories(dir.resolve("mount"));
        cache = Files.createDirectories(dir.resolve("cache"));
        config = Files.writeString(
                dir.resolve("musicfs.toml"),
                "[cache]\nlocal = \"always\"\nsize = \"256MiB\"\nmin_free = 0\n[[origins]]\nid = \"disk\"\npath = \""
                        + origin + "\"\n");
        OtherUser.own(dir);
    }

    @Test
    @Resilience("5.3")
    void withoutAFurtherThreadItServesAndAfterwardsAllIsAsBefore() throws Exception {
        try (OtherUser daemon = start()) {
            daemon.awaitOutput("musicfs: scanned ");
            SortedMap<String, String> right = Trees.hashes(origin);
            daemon.allowNoFurtherThread();
            for (int round = 0; round < 3; round++) {
                assertThat(daemon.hashes(mount).values()).as(daemon.output()).isSubsetOf(right.values());
            }
            Path meanwhile = Files.copy(
                    TestAudio.track(TestAudio.Spec.of(AudioEncoding.FLAC).with("title", "Meanwhile")),
                    origin.resolve("meanwhile.flac"));
            OtherUser.own(meanwhile);
            // Whether they can be done or not, each is answered.
            for (String asked : new String[] {"origin rescan disk", "config reload", "cache stats", "status"}) {
                Shell run = command(asked.split(" "));
                assertThat(run.exitCode())
                        .as("%s: %s\n%s", asked, run.output(), daemon.output())
                        .isIn(0, 1);
                assertThat(run.output()).as(asked).doesNotContain("\tat ");
            }
            daemon.allowThreads();

            for (String asked : new String[] {"origin rescan disk", "config reload", "cache stats"}) {
                Shell run = command(asked.split(" "));
                assertThat(run.exitCode())
                        .as("%s: %s\n%s", asked, run.output(), daemon.output())
                        .isZero();
            }
            String added = Trees.sha256(meanwhile);
            daemon.await(() -> hashes(daemon).values().contains(added), "the file of meanwhile");
            daemon.await(() -> remote().statusBlocking().state().equals("ready"), "the daemon to be well");
            daemon.terminate();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("0 phases unfinished");
        }
    }

    @Test
    @Resilience({"2.1", "5.3"})
    void itCanBeStoppedWithoutAFurtherThread() throws Exception {
        try (OtherUser daemon = start()) {
            daemon.awaitOutput("musicfs: scanned ");
            daemon.allowNoFurtherThread();
            Shell run = command("shutdown");
            assertThat(run.exitCode())
                    .as("%s\n%s", run.output(), daemon.output())
                    .isZero();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("0 phases unfinished");
        }
    }

    private OtherUser start() throws IOException {
        return OtherUser.start(
                dir, "mount", mount.toString(), "--cache-dir", cache.toString(), "-c", config.toString());
    }

    private SortedMap<String, String> hashes(OtherUser daemon) {
        try {
            return daemon.hashes(mount);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private RemoteDaemon remote() {
        return new RemoteDaemon(new ControlClient(cache, ControlClient.PATIENCE));
    }

    private Shell command(String... words) throws Exception {
        return DaemonProcess.run(words, "--cache-dir", cache.toString(), "-c", config.toString());
    }
}
