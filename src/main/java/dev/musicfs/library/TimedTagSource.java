package dev.musicfs.library;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.runtime.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * Another source, whose files have a time to be read in: one that takes longer fails with {@code TIMEOUT}, so that what was
 * read of others is not kept waiting for it. It is read again in a later round.
 */
final class TimedTagSource implements TagSource {
    private final TagSource source;
    private final Duration limit;
    private final Timers timers;

    TimedTagSource(TagSource source, Duration limit, Timers timers) {
        this.source = source;
        this.limit = limit;
        this.timers = timers;
    }

    @Override
    public Future<ReadFile> read(RealPath path, FileVersion version) {
        Promise<ReadFile> promise = Promise.promise();
        Runnable callOff = timers.after(
                limit,
                () -> promise.tryFail(new MusicFsException(
                        FailureKind.TIMEOUT,
                        path + " could not be read within " + limit.toSeconds() + " s and is tried again later")));
        source.read(path, version).onComplete(result -> {
            callOff.run();
            if (result.succeeded()) {
                promise.tryComplete(result.result());
            } else {
                promise.tryFail(result.cause());
            }
        });
        return promise.future();
    }
}
