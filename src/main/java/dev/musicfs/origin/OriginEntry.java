package dev.musicfs.origin;

import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import java.util.Optional;

/**
 * A file or directory as its origin describes it, or the name of something that it cannot describe at present.
 *
 * @param path where it lies
 * @param directory whether it is a directory; everything that is neither file nor directory is not listed at all. False
 *     when that is not known
 * @param version size and modification time (for a directory only informative)
 * @param fileKey an identity that survives a rename, such as an inode number, or 0
 * @param unknown why it could not be looked at: its name is there, and nothing else of it is known. Whoever takes
 *     entries asks for this first. Empty for an entry that is described
 */
public record OriginEntry(
        RealPath path, boolean directory, FileVersion version, long fileKey, Optional<MusicFsException> unknown) {
    private static final FileVersion NONE = new FileVersion(0, 0, "");

    /** One that is described. */
    public OriginEntry(RealPath path, boolean directory, FileVersion version, long fileKey) {
        this(path, directory, version, fileKey, Optional.empty());
    }

    /**
     * One that could not be looked at: no permission, a dead mount, a link into nowhere, an answer without a length. What is
     * known of it is kept, and of what is not known nothing is shown.
     *
     * @param why one sentence, with the failure of the system or of the server as its cause
     */
    public static OriginEntry unknown(RealPath path, MusicFsException why) {
        return new OriginEntry(path, false, NONE, 0, Optional.of(why));
    }

    /** Whether it is a file that is described. */
    public boolean isFile() {
        return !directory && unknown.isEmpty();
    }
}
