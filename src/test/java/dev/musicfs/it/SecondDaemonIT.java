package dev.musicfs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SampleMount;
import dev.musicfs.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is started while there is one. */
class SecondDaemonIT {
    @TempDir
    Path dir;

    private SampleMount it;

    @BeforeEach
    void prepare() throws IOException {
        it = SampleMount.in(dir);
    }

    @Test
    @Resilience("3.9")
    void secondDaemonOnTheSameCacheIsRefusedAndNamesTheFirst() throws Exception {
        try (DaemonProcess first = it.scanned()) {
            Path other = Files.createDirectories(dir.resolve("other"));
            try (DaemonProcess second = DaemonProcess.start(other, it.cache(), it.origin())) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.output()).contains("process " + first.pid());
                assertThat(DaemonProcess.isMounted(other)).isFalse();
            }
            assertThat(first.isMounted()).isTrue();
        }
    }

    @Test
    @Resilience("3.9")
    void secondDaemonOnTheSameMountpointIsRefused() throws Exception {
        try (DaemonProcess first = it.scanned()) {
            String before = it.listing();
            try (DaemonProcess second = DaemonProcess.start(it.mount(), dir.resolve("other-cache"), it.origin())) {
                assertThat(second.awaitExit()).as(second.output()).isEqualTo(1);
                assertThat(second.output().lines()).hasSize(1);
                assertThat(first.isMounted()).isTrue();
                assertThat(it.listing()).isEqualTo(before);
            }
        }
    }

    @Test
    @Resilience({"2.7", "3.9"})
    void aStoppedDaemonIsNamedAndReplacedWhenThatIsAskedFor() throws Exception {
        try (Frozen hung = new Frozen(it.scanned())) {
            Shell refused = mountWith(it.cache());
            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output().lines()).hasSize(1);
            assertThat(refused.output())
                    .contains("process " + hung.daemon().pid())
                    .contains("does not answer")
                    .contains("--replace");
            assertThat(hung.daemon().isAlive()).isTrue();
            assertThat(hung.daemon().isMounted()).isTrue();
            try (DaemonProcess next = it.scanned("--replace")) {
                assertThat(hung.daemon().awaitExit()).isEqualTo(137);
                assertThat(it.listing()).contains(".flac");
                next.signal("TERM");
                assertThat(next.awaitExit()).as(next.output()).isZero();
            }
            assertThat(DaemonProcess.isMounted(it.mount())).isFalse();
        }
    }

    @Test
    @Resilience("3.9")
    void aDaemonThatIsWellEndsInOrderWhenItIsReplaced() throws Exception {
        try (DaemonProcess first = it.scanned();
                DaemonProcess next = it.scanned("--replace")) {
            assertThat(first.awaitExit()).as(first.output()).isZero();
            assertThat(next.isMounted()).isTrue();
        }
    }

    @Test
    @Resilience("3.9")
    void aHungMountOfAnotherCacheIsRefusedAndNotWaitedFor() throws Exception {
        try (Frozen hung = new Frozen(it.scanned())) {
            Shell refused = mountWith(dir.resolve("other-cache"), "--replace");
            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("does not answer").contains("fusermount -uz " + it.mount());
            assertThat(hung.daemon().isMounted()).isTrue();
            assertThat(hung.daemon().isAlive()).isTrue();
        }
    }

    @Test
    @Resilience("3.9")
    void theMountOfAStoppedDaemonCanBeTakenAway() throws Exception {
        try (Frozen hung = new Frozen(it.scanned())) {
            Shell done = DaemonProcess.run("umount", it.mount().toString());
            assertThat(done.exitCode()).as(done.output()).isZero();
            assertThat(hung.daemon().isMounted()).isFalse();
        }
    }

    /** As by somebody who takes it for left over. */
    @Test
    @Resilience("3.9")
    void aDaemonWhoseLockFileWasDeletedIsNamedAllTheSame() throws Exception {
        Path other = Files.createDirectories(dir.resolve("other"));
        try (DaemonProcess first = it.scanned()) {
            Files.delete(it.cache().resolve("musicfs.lock"));
            try (DaemonProcess second = DaemonProcess.start(other, it.cache(), it.origin())) {
                assertThat(second.awaitExit()).as(second.output()).isEqualTo(1);
                assertThat(second.output().lines()).hasSize(1);
                assertThat(second.output()).contains("process " + first.pid()).contains("musicfs.lock");
                assertThat(DaemonProcess.isMounted(other)).isFalse();
            }
            assertThat(first.isMounted()).isTrue();
            first.signal("TERM");
            assertThat(first.awaitExit()).as(first.output()).isZero();
        }
        try (DaemonProcess next = it.serving()) {
            assertThat(next.isMounted()).isTrue();
        }
    }

    /** It listens, so it lives; two daemons would share one catalog. */
    @Test
    @Resilience("3.9")
    void aStoppedDaemonWhoseLockFileWasDeletedIsNotDoubled() throws Exception {
        Path other = Files.createDirectories(dir.resolve("other"));
        try (Frozen first = new Frozen(it.scanned())) {
            Files.delete(it.cache().resolve("musicfs.lock"));
            try (DaemonProcess second = DaemonProcess.start(other, it.cache(), it.origin())) {
                assertThat(second.awaitExit()).as(second.output()).isEqualTo(1);
                assertThat(second.output().lines()).hasSize(1);
                assertThat(second.output()).contains("does not answer").contains("musicfs.lock");
            }
            assertThat(first.daemon().isAlive()).isTrue();
        }
    }

    @Test
    @Resilience("3.9")
    void nobodyIsReplacedForWhatIsRefused() throws Exception {
        Path misspelt = dir.resolve("misspelt");
        Path full = Files.createDirectories(dir.resolve("full/something")).getParent();
        try (DaemonProcess first = it.scanned()) {
            String before = it.listing();
            for (Path place : List.of(misspelt, full)) {
                Shell refused = DaemonProcess.run(
                        "mount",
                        place.toString(),
                        "--origin",
                        it.origin().toString(),
                        "--cache-dir",
                        it.cache().toString(),
                        "--replace");
                assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
                assertThat(refused.output().lines()).hasSize(1);
                assertThat(refused.output()).contains(place.toString());
            }
            Shell refused = DaemonProcess.run(
                    "mount",
                    it.mount().toString(),
                    "--origin",
                    misspelt.toString(),
                    "--cache-dir",
                    it.cache().toString(),
                    "--replace");
            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains(misspelt.toString());
            assertThat(first.isAlive()).isTrue();
            assertThat(it.listing()).isEqualTo(before);
        }
    }

    // Closing a DaemonProcess would take the mount away, whoever's it is.
    private Shell mountWith(Path cacheDir, String... more) throws Exception {
        String[] mounting = {
            "mount", it.mount().toString(), "--origin", it.origin().toString(), "--cache-dir", cacheDir.toString()
        };
        return DaemonProcess.run(mounting, more);
    }

    /** Closing it lets the process go on first, so that it can be ended. */
    private record Frozen(DaemonProcess daemon) implements AutoCloseable {
        Frozen {
            send(daemon, "STOP");
        }

        private static void send(DaemonProcess daemon, String signal) {
            Shell.require("kill", "-" + signal, Long.toString(daemon.pid()));
        }

        @Override
        public void close() {
            if (daemon.isAlive()) {
                send(daemon, "CONT");
            }
            daemon.close();
        }
    }
}
