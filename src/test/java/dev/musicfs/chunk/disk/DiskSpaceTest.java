package dev.musicfs.chunk.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    private Path dir;

    @Test
    void tellsWhatBytesAndFilesADiskStillTakes() throws IOException {
        Path directory = dir.resolve("disk");
        try (SmallDisk disk = SmallDisk.on(directory, "1m", 10)) {
            DiskSpace space = new DiskSpace(directory);
            assertThat(space.usableBytes()).isEqualTo(1 << 20);
            assertThat(space.freeFiles()).hasValue(9);
            disk.fill();
            assertThat(space.usableBytes()).isZero();
            assertThat(space.freeFiles()).hasValue(8);
        }
    }
}
