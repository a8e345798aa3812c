package dev.musicfs.origin;

import dev.musicfs.model.RealPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** For origins on a disk of this machine: the file itself. */
@FunctionalInterface
public interface DirectFiles {
    /** The file's path on this machine; nothing is touched, it need not exist. */
    Path locate(RealPath path);

    /** Opens a file for reading; never waits, as a FIFO would have it, and fails for what is no regular file. */
    default FileChannel openBlocking(RealPath path) throws IOException {
        return FileChannel.open(locate(path), StandardOpenOption.READ);
    }

    /** Hands a path to {@code reader} that is the file's for as long as that runs, whatever becomes of its name. */
    default <T> T readBlocking(RealPath path, Function<Path, T> reader) throws IOException {
        return reader.apply(locate(path));
    }
}
