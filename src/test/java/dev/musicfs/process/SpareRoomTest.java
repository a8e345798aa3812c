package dev.musicfs.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpareRoomTest {
    private static final int FILES = 16;
    private static final long FILE_BYTES = 64 << 10;

    @TempDir
    Path dir;

    /** What is left of a process that was killed while it took it. */
    @Test
    @Resilience("2.8")
    void aFileThatIsNotWholeIsTakenAnew() throws IOException {
        SpareRoom spare = new SpareRoom(dir);
        spare.keepBlocking();
        assertThat(sizes()).hasSize(FILES).containsOnly(FILE_BYTES);
        Files.write(dir.resolve("spare/3"), new byte[0]);
        Files.write(dir.resolve("spare/4"), new byte[7]);
        spare.keepBlocking();
        assertThat(sizes()).hasSize(FILES).containsOnly(FILE_BYTES);
        assertThat(spare.letGoIfFullBlocking()).as("there is room").isFalse();
        assertThat(sizes()).hasSize(FILES);
    }

    @Test
    @Resilience("2.8")
    void nothingIsTakenOfADiskWithLittleRoomAndAllIsLetGoForAStartOnIt() throws IOException {
        try (SmallDisk disk = SmallDisk.on(dir, "16m")) {
            SpareRoom spare = new SpareRoom(dir);
            spare.keepBlocking();
            assertThat(sizes()).hasSize(FILES);
            Path ballast = disk.fill();
            assertThat(spare.letGoIfFullBlocking()).isTrue();
            assertThat(sizes()).isEmpty();
            spare.keepBlocking();
            assertThat(sizes()).as("what runs may need the little there is").isEmpty();
            spare.keepWhatFitsBlocking();
            assertThat(sizes()).as("at its end").hasSize(FILES).containsOnly(FILE_BYTES);
            disk.fill();
            assertThat(spare.letGoIfFullBlocking()).as("the next start").isTrue();
            Files.delete(ballast);
            spare.keepBlocking();
            assertThat(sizes()).hasSize(FILES);
        }
    }

    @Test
    @Resilience("2.8")
    void filesAreAsScarceAsBytes() throws IOException {
        try (SmallDisk disk = SmallDisk.on(dir, "16m", 60)) {
            SpareRoom spare = new SpareRoom(dir);
            spare.keepBlocking();
            assertThat(dir.resolve("spare")).as("what runs needs them sooner").doesNotExist();
            spare.keepWhatFitsBlocking();
            assertThat(sizes()).hasSize(FILES);
            Path fillers = disk.fillWithFiles();
            try (Stream<Path> some = Files.list(fillers)) {
                Files.delete(some.findFirst().orElseThrow());
            }
            assertThat(spare.letGoIfFullBlocking()).as("one file is not enough").isTrue();
            assertThat(sizes()).isEmpty();
        }
    }

    private List<Long> sizes() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("spare"))) {
            return files.map(file -> file.toFile().length()).toList();
        }
    }
}
