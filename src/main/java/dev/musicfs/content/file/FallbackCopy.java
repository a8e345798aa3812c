package dev.musicfs.content.file;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.SingleFlight;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The other copies of a file on a disk of this machine, opened when the disk fails. Safe for any thread. */
final class FallbackCopy {
    private final Supplier<Future<CachedFile>> opener;
    private final SingleFlight<FallbackCopy, CachedFile> opening = new SingleFlight<>();
    private volatile @Nullable CachedFile file;
    private boolean closed;

    FallbackCopy(Supplier<Future<CachedFile>> opener) {
        this.opener = opener;
    }

    /** The opened copies, null before. */
    @Nullable
    CachedFile fileOrNull() {
        return file;
    }

    /** Opens them, once however many ask. */
    Future<CachedFile> open() {
        synchronized (this) {
            if (closed) {
                return Future.failedFuture(new MusicFsException(FailureKind.INVALID, "The file is closed."));
            }
        }
        return opening.run(this, this::opened);
    }

    private Future<CachedFile> opened() {
        CachedFile before = file;
        return before == null ? opener.get().map(this::keep) : Future.succeededFuture(before);
    }

    private synchronized CachedFile keep(CachedFile opened) {
        if (closed) {
            opened.close();
        } else {
            file = opened;
        }
        return opened;
    }

    synchronized void close() {
        closed = true;
        CachedFile opened = file;
        if (opened != null) {
            opened.close();
        }
    }
}
