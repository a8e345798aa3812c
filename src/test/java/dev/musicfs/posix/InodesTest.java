package dev.musicfs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InodesTest {
    @TempDir
    private Path dir;

    @Test
    void tellsHowManyThereAreAndHowManyAreFree() throws IOException {
        try (SmallDisk small = SmallDisk.on(dir.resolve("disk"), "1m,nr_inodes=100")) {
            Path disk = dir.resolve("disk");
            assertThat(Inodes.ofBlocking(disk)).as("the root takes one").contains(new Inodes(100, 99));
            assertThat(Inodes.ofBlocking(small.fill())).contains(new Inodes(100, 98));
        }
    }

    @Test
    void aFileSystemWithoutALimitIsToldFromAFullOne() {
        assertThat(Inodes.ofBlocking(Path.of("/proc")).orElseThrow().limited()).isFalse();
        assertThat(new Inodes(100, 0).limited()).isTrue();
    }

    /** As CephFS does: its store would be emptied for nothing. */
    @Test
    void oneThatDoesNotKnowHowManyAreFreeHasNoLimit() {
        assertThat(new Inodes(100, -1).limited()).isFalse();
    }

    @Test
    void aPathThatIsNotThereHasNone() {
        assertThat(Inodes.ofBlocking(dir.resolve("none"))).isEmpty();
    }
}
