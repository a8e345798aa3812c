package dev.musicfs.content;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Origin;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A file read through its origin's own port; holds nothing open. */
public final class RemoteFile implements OpenFile {
    private final Origin origin;
    private final RealPath path;
    private final FileVersion version;
    private final Runnable onStale;

    RemoteFile(Origin origin, RealPath path, FileVersion version, Runnable onStale) {
        this.origin = origin;
        this.path = path;
        this.version = version;
        this.onStale = onStale;
    }

    /** The bytes of {@code range}, cut at the end of the file; fails as {@link Origin#read} does. */
    Future<Buffer> read(ByteRange range) {
        ByteRange wanted = range.within(version.sizeBytes());
        if (wanted.length() == 0) {
            return Future.succeededFuture(Buffer.buffer());
        }
        return origin.read(path, version, wanted).onFailure(failure -> {
            if (MusicFsException.kindOf(failure) == FailureKind.STALE) {
                onStale.run();
            }
        });
    }

    @Override
    public FileVersion version() {
        return version;
    }

    @Override
    public void close() {}
}
