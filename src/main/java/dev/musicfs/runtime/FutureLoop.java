package dev.musicfs.runtime;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Loops whose steps are futures. Neither the stack nor a chain of futures grows with the number of steps, whether they
 * are done at once or later. What a step throws fails the loop.
 */
public final class FutureLoop {
    private final Supplier<Future<Boolean>> step;
    private final Promise<Void> done = Promise.promise();

    private FutureLoop(Supplier<Future<Boolean>> step) {
        this.step = step;
    }

    /**
     * Takes one step after another as long as they answer true. Each step but the first is taken on the thread on which
     * the one before was answered.
     *
     * @return fails as the first step that does
     */
    public static Future<Void> repeat(Supplier<Future<Boolean>> step) {
        FutureLoop loop = new FutureLoop(step);
        loop.run();
        return loop.done.future();
    }

    /** Does the same for one item after another, up to the first failure. */
    public static <T> Future<Void> forEach(Iterable<T> items, Function<T, Future<Void>> work) {
        Iterator<T> left = items.iterator();
        return repeat(() -> left.hasNext() ? work.apply(left.next()).map(true) : Future.succeededFuture(false));
    }

    /**
     * Does the same for each item, at most {@code concurrency} at a time.
     *
     * @return the results in the items' order, or the first failure, after which nothing more is begun
     */
    public static <T, R> Future<List<R>> map(List<T> items, int concurrency, Function<T, Future<R>> work) {
        AtomicReferenceArray<R> results = new AtomicReferenceArray<>(items.size());
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean failed = new AtomicBoolean();
        Supplier<Future<Boolean>> step = () -> {
            int index = next.getAndIncrement();
            if (index >= items.size() || failed.get()) {
                return Future.succeededFuture(false);
            }
            return work.apply(items.get(index)).map(result -> {
                results.set(index, result);
                return true;
            });
        };
        List<Future<Void>> lanes = Stream.generate(() -> repeat(step).onFailure(e -> failed.set(true)))
                .limit(Math.min(concurrency, items.size()))
                .toList();
        return Future.all(lanes)
                .map(all ->
                        IntStream.range(0, items.size()).mapToObj(results::get).toList());
    }

    private void run() {
        boolean more = true;
        while (more) {
            // The second of the two goes on: this loop if the answer is there already, else the answer's handler.
            AtomicBoolean first = new AtomicBoolean(true);
            asked().onComplete(answer -> {
                if (goesOn(answer) && !first.getAndSet(false)) {
                    run();
                }
            });
            more = !first.getAndSet(false);
        }
    }

    private boolean goesOn(AsyncResult<Boolean> answer) {
        if (answer.failed()) {
            done.fail(answer.cause());
        } else if (!answer.result()) {
            done.complete();
        }
        return answer.succeeded() && answer.result();
    }

    private Future<Boolean> asked() {
        try {
            return step.get();
        } catch (RuntimeException | Error e) {
            return Future.failedFuture(e);
        }
    }
}
