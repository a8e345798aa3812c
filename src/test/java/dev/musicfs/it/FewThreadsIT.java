package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.OtherUser;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon to which the system gives no further thread. Root is bound by no such limit, so it is another user's. */
class FewThreadsIT {
    @TempDir
    Path dir;

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
        Files.createDirectories(it.cache());
        OtherUser.own(dir);
    }

    @Test
    @Resilience("5.3")
    void withoutAFurtherThreadItServesAndAfterwardsAllIsAsBefore() throws Exception {
        try (OtherUser daemon = it.startAsOther()) {
            daemon.awaitOutput("musicfs: scanned ");
            SortedMap<String, String> right = it.right();
            daemon.allowNoFurtherThread();
            for (int round = 0; round < 3; round++) {
                assertThat(daemon.hashes(it.mount())).as(daemon.output()).isEqualTo(right);
            }
            Path meanwhile = it.put("meanwhile.flac", "Meanwhile");
            OtherUser.own(meanwhile);
            // Whether they can be done or not, each is answered; a status that is not well has a code of its own.
            for (String asked : new String[] {"origin rescan disk", "config reload", "cache stats", "status"}) {
                Shell run = it.command(asked.split(" "));
                assertThat(run.exitCode())
                        .as("%s: %s\n%s", asked, run.output(), daemon.output())
                        .isIn(asked.equals("status") ? List.of(0, 1, 3) : List.of(0, 1));
                assertThat(run.output()).as(asked).doesNotContain(SampleMount.traces());
            }
            daemon.allowThreads();

            for (String asked : new String[] {"origin rescan disk", "config reload", "cache stats"}) {
                Shell run = it.command(asked.split(" "));
                assertThat(run.exitCode())
                        .as("%s: %s\n%s", asked, run.output(), daemon.output())
                        .isZero();
            }
            String added = Trees.sha256(meanwhile);
            daemon.await(() -> hashes(daemon).values().contains(added), "the file of meanwhile");
            daemon.await(() -> it.state().equals("ready"), "the daemon to be well");
            daemon.terminate();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("0 phases unfinished");
        }
    }

    @Test
    @Resilience({"2.1", "5.3"})
    void itCanBeStoppedWithoutAFurtherThread() throws Exception {
        try (OtherUser daemon = it.startAsOther()) {
            daemon.awaitOutput("musicfs: scanned ");
            daemon.allowNoFurtherThread();
            Shell run = it.command("shutdown");
            assertThat(run.exitCode())
                    .as("%s\n%s", run.output(), daemon.output())
                    .isZero();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            assertThat(daemon.output()).contains("0 phases unfinished");
        }
    }

    private SortedMap<String, String> hashes(OtherUser daemon) {
        try {
            return daemon.hashes(it.mount());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
