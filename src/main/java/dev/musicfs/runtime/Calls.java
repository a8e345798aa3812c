package dev.musicfs.runtime;

import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Calls of ports. */
public final class Calls {
    private Calls() {}

    /** The call's future; one that throws, which a port must not, counts as failed. */
    public static <T> Future<T> safely(Supplier<Future<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException defect) {
            return Future.failedFuture(MusicFsException.wrap("A call that must not throw did", defect));
        }
    }
}
