package dev.musicfs.vfs;

import java.util.List;
import java.util.Optional;

/**
 * What can be said of a file beside its bytes: its extended attributes, their names without a prefix. Called on FUSE
 * threads; every method is quick, waits for no origin and throws {@link dev.musicfs.failure.MusicFsException}.
 */
public interface FileFacts {
    /** The names of what is known of a file at present. */
    List<String> names(long fileId);

    /** One of them; empty when there is none of this name. */
    Optional<byte[]> fact(long fileId, String name);
}
