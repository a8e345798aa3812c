package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FutureLoopTest {
    private static final int MANY = 200_000;

    @Test
    void takesAnyNumberOfStepsThatAreDoneAtOnce() {
        AtomicInteger left = new AtomicInteger(MANY);

        Future<Void> loop = FutureLoop.repeat(() -> Future.succeededFuture(left.decrementAndGet() > 0));

        assertThat(loop.succeeded()).isTrue();
        assertThat(left).hasValue(0);
    }

    @Test
    void takesAStepOnlyWhenTheOneBeforeIsDone() {
        List<Promise<Boolean>> steps = new ArrayList<>();

        Future<Void> loop = FutureLoop.repeat(() -> {
            steps.add(Promise.promise());
            return steps.get(steps.size() - 1).future();
        });

        assertThat(steps).hasSize(1);
        steps.get(0).complete(true);
        assertThat(steps).hasSize(2);
        steps.get(1).complete(true);
        assertThat(steps).hasSize(3);
        assertThat(loop.isComplete()).isFalse();
        steps.get(2).complete(false);
        assertThat(loop.succeeded()).isTrue();
        assertThat(steps).hasSize(3);
    }

    @Test
    void endsWithTheStepThatFailsOrThrows() {
        AtomicInteger steps = new AtomicInteger();
        Future<Void> failed = FutureLoop.repeat(
                () -> steps.incrementAndGet() < 3 ? Future.succeededFuture(true) : Future.failedFuture("the third"));
        Future<Void> threw = FutureLoop.repeat(() -> {
            throw new IllegalStateException("at once");
        });

        assertThat(failed.cause()).hasMessage("the third");
        assertThat(steps).hasValue(3);
        assertThat(threw.cause()).hasMessage("at once");
    }

    @Test
    void goesThroughItemsInOrderUpToTheFirstFailure() {
        List<Integer> seen = new ArrayList<>();
        Future<Void> all = FutureLoop.forEach(numbers(MANY), number -> {
            seen.add(number);
            return Future.succeededFuture();
        });
        assertThat(all.succeeded()).isTrue();
        assertThat(seen).isEqualTo(numbers(MANY));

        Future<Void> some = FutureLoop.forEach(
                numbers(MANY), number -> number < 7 ? Future.succeededFuture() : Future.failedFuture("" + number));
        assertThat(some.cause()).hasMessage("7");
    }

    @Test
    void mapsAnyNumberOfItemsThatAreDoneAtOnceInTheirOrder() {
        assertThat(FutureLoop.map(numbers(MANY), 4, number -> Future.succeededFuture(number + 1))
                        .result())
                .isEqualTo(IntStream.rangeClosed(1, MANY).boxed().toList());
        assertThat(FutureLoop.map(List.of(), 4, any -> Future.failedFuture("none"))
                        .result())
                .isEmpty();
    }

    @Test
    void mapsNoMoreThanSoManyAtATime() {
        List<Promise<Integer>> asked =
                Stream.generate(Promise::<Integer>promise).limit(5).toList();
        List<Integer> begun = new ArrayList<>();

        Future<List<Integer>> all = FutureLoop.map(numbers(5), 2, number -> {
            begun.add(number);
            return asked.get(number).future();
        });

        assertThat(begun).containsExactly(0, 1);
        asked.get(1).complete(10);
        assertThat(begun).containsExactly(0, 1, 2);
        asked.get(2).complete(20);
        asked.get(0).complete(0);
        assertThat(begun).containsExactly(0, 1, 2, 3, 4);
        asked.get(4).complete(40);
        assertThat(all.isComplete()).isFalse();
        asked.get(3).complete(30);
        assertThat(all.result()).containsExactly(0, 10, 20, 30, 40);
    }

    @Test
    void beginsNothingAfterAFailure() {
        List<Promise<Integer>> asked =
                Stream.generate(Promise::<Integer>promise).limit(5).toList();
        List<Integer> begun = new ArrayList<>();

        Future<List<Integer>> all = FutureLoop.map(numbers(5), 2, number -> {
            begun.add(number);
            return asked.get(number).future();
        });
        asked.get(0).fail("gone");
        asked.get(1).complete(10);

        assertThat(all.cause()).hasMessage("gone");
        assertThat(begun).containsExactly(0, 1);
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
