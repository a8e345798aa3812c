package dev.musicfs.chunk.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The disk of a directory; how many files it takes, which the JDK does not know, somebody else says. */
public record DiskSpace(Path directory, Supplier<OptionalLong> files) implements SpaceProbe {
    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public OptionalLong freeFiles() {
        return files.get();
    }
}
