package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningDaemonTest {
    @TempDir
    Path dir;

    @Test
    @Resilience("3.9")
    void aProcessThatWasGivenTheNumberOfAnEndedOwnerIsNeitherBlamedNorEnded() throws IOException {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(dir.resolve("musicfs.lock"), Long.toString(stranger.pid()));
            assertThat(InstanceLock.holder(dir)).isEmpty();
            RunningDaemon.settle(dir, dir.resolve("mount"), false);
            RunningDaemon.settle(dir, dir.resolve("mount"), true);
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    @Resilience("3.9")
    void aCacheDirectoryThatNobodyEverHadIsNobodys() {
        RunningDaemon.settle(dir.resolve("none"), dir.resolve("mount"), true);
        assertThat(InstanceLock.holder(dir.resolve("none"))).isEmpty();
        assertThat(dir.resolve("none")).doesNotExist();
    }
}
