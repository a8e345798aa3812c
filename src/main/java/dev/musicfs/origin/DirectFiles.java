package dev.musicfs.origin;

import dev.musicfs.model.RealPath;
import java.nio.file.Path;

/** For origins on a disk of this machine: the file itself. */
@FunctionalInterface
public interface DirectFiles {
    /** The file's path on this machine; nothing is touched, it need not exist. */
    Path locate(RealPath path);
}
