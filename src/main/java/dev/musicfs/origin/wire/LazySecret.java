package dev.musicfs.origin.wire;

import dev.musicfs.origin.BlockingCalls;
import io.vertx.core.Future;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A secret that is read once it is needed; a reading that failed is done again. For any thread. */
public final class LazySecret<T> {
    private final BlockingCalls calls;
    private final Callable<T> readBlocking;
    private @Nullable Future<T> reading;

    /** Reads nothing yet. */
    public LazySecret(BlockingCalls calls, Callable<T> readBlocking) {
        this.calls = calls;
        this.readBlocking = readBlocking;
    }

    /** Fails as the reading does. */
    public synchronized Future<T> get() {
        Future<T> known = reading;
        if (known == null || known.failed()) {
            known = calls.run(readBlocking);
            reading = known;
        }
        return known;
    }
}
