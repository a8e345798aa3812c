package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.OtherUser;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon of a user whom permissions bind. */
class PermissionsIT {
    @TempDir
    Path dir;

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
        Files.createDirectories(it.cache());
        OtherUser.own(dir);
    }

    @AfterEach
    void letItBeDeleted() {
        Shell.require("chmod", "-R", "u+rwX", dir.toString());
    }

    @Test
    @Resilience("6.7")
    void aStartWithoutPermissionNamesThePathAndWhatIsNeeded() throws Exception {
        Path cache = it.cache();
        allow(cache, "r-xr-xr-x");
        assertRefused(cache + " cannot be written: permission denied", "(u+rwx)");
        allow(cache, "---------");
        assertRefused(cache + " cannot be written: permission denied", "(u+rwx)");
        allow(cache, "rwx------");
        Path lock = Files.createFile(cache.resolve("musicfs.lock"));
        allow(lock, "---------");
        assertRefused(lock + " cannot be written: permission denied", "(u+rw)");
    }

    @Test
    @Resilience({"6.6", "6.7"})
    void permissionsTakenAwayLaterCostTheCacheAndNoRead() throws Exception {
        Path store = Files.createDirectory(it.cache().resolve("store"));
        OtherUser.own(store);
        allow(store, "---------");
        try (OtherUser daemon = it.startAsOther()) {
            daemon.awaitOutput("musicfs: scanned ");
            SortedMap<String, String> right = it.right();
            assertThat(daemon.hashes(it.mount())).isEqualTo(right);
            await(daemon, "unusable");
            assertThat(daemon.output().lines().filter(line -> line.contains("Everything is read from")))
                    .hasSize(1)
                    .allMatch(line -> line.contains("permission denied on " + store) && line.contains("(u+rwx)"));
            allow(store, "rwx------");
            await(daemon, "normal");
            assertThat(daemon.hashes(it.mount())).isEqualTo(right);
            for (String part : Set.of("chunks", "tmp")) {
                Shell.require("chmod", "-R", "a-w", store.resolve(part).toString());
                Shell.require("bash", "-c", "rm -f \"$1\"/chunks/*/*", "bash", store.toString());
                assertThat(daemon.hashes(it.mount())).isEqualTo(right);
                Shell.require("chmod", "-R", "u+w", store.resolve(part).toString());
                await(daemon, "normal");
            }
            assertThat(daemon.isAlive()).isTrue();
            assertThat(daemon.output()).doesNotContain(SampleMount.traces());
            daemon.terminate();
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
        }
    }

    private void assertRefused(String... sentence) throws Exception {
        try (OtherUser daemon = it.startAsOther()) {
            assertThat(daemon.awaitExit()).isEqualTo(1);
            assertThat(daemon.output().strip().lines()).hasSize(1);
            assertThat(daemon.output()).contains(sentence).doesNotContain("Exception");
        }
    }

    private void await(OtherUser daemon, String cacheState) {
        daemon.await(() -> it.status().cache().equals(cacheState), "a cache that is " + cacheState);
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
