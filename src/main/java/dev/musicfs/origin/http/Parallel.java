package dev.musicfs.origin.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The same for each of many, a few at a time. */
final class Parallel<T, R> {
    private final List<T> items;
    private final Function<T, Future<R>> work;
    private final AtomicReferenceArray<R> results;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger open;
    private final Promise<List<R>> promise = Promise.promise();

    private Parallel(List<T> items, Function<T, Future<R>> work) {
        this.items = items;
        this.work = work;
        this.results = new AtomicReferenceArray<>(items.size());
        this.open = new AtomicInteger(items.size());
    }

    /** The results in the items' order, or the first failure, after which nothing more is begun. */
    static <T, R> Future<List<R>> each(List<T> items, int atATime, Function<T, Future<R>> work) {
        if (items.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Parallel<T, R> parallel = new Parallel<>(items, work);
        for (int i = 0; i < Math.min(atATime, items.size()); i++) {
            parallel.takeNext();
        }
        return parallel.promise.future();
    }

    private void takeNext() {
        int index = next.getAndIncrement();
        if (index >= items.size() || promise.future().isComplete()) {
            return;
        }
        work.apply(items.get(index)).onComplete(done -> {
            if (done.failed()) {
                promise.tryFail(done.cause());
                return;
            }
            results.set(index, done.result());
            if (open.decrementAndGet() == 0) {
                promise.tryComplete(
                        IntStream.range(0, items.size()).mapToObj(results::get).toList());
            } else {
                takeNext();
            }
        });
    }
}
