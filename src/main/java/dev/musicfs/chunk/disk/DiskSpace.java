package dev.musicfs.chunk.disk;

import dev.musicfs.posix.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The disk of a directory. Blocks for as long as the disk does not answer. */
public record DiskSpace(Path directory) implements SpaceProbe {
    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public OptionalLong freeFiles() {
        return Inodes.freeBlocking(directory);
    }
}
