package dev.musicfs.runtime;

import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * At most one call in flight for each key: a caller that asks while one is under way shares its outcome. Nothing is
 * kept of a call that has ended. For any thread.
 *
 * @param <K> what is asked for
 * @param <V> the answer
 */
public final class SingleFlight<K, V> {
    private final ConcurrentHashMap<K, Future<V>> inFlight = new ConcurrentHashMap<>();

    /** Nothing is in flight. */
    public SingleFlight() {}

    /**
     * The outcome of the call in flight for this key, or of {@code call}, which is then made at once on this thread. All
     * who ask are answered in the order in which they asked, on the thread on which the call ends, and may make another
     * call then. A call that throws fails with what it threw.
     */
    public Future<V> run(K key, Supplier<Future<V>> call) {
        Promise<V> mine = Promise.promise();
        Future<V> before = inFlight.putIfAbsent(key, mine.future());
        if (before != null) {
            return before;
        }
        made(call).onComplete(outcome -> {
            inFlight.remove(key, mine.future());
            mine.handle(outcome);
        });
        return mine.future();
    }

    /** How many calls are in flight. */
    public int size() {
        return inFlight.size();
    }

    private static <V> Future<V> made(Supplier<Future<V>> call) {
        try {
            return call.get();
        } catch (RuntimeException | Error defect) { // or nobody could ask for this key any more
            return Future.failedFuture(MusicFsException.wrap("A call that must not throw did", defect));
        }
    }
}
