package dev.musicfs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
    private final SingleFlight<String, Integer> flights = new SingleFlight<>();
    private final List<Promise<Integer>> calls = new ArrayList<>();

    private Future<Integer> call() {
        Promise<Integer> call = Promise.promise();
        calls.add(call);
        return call.future();
    }

    @Test
    void whoAsksMeanwhileSharesTheOutcomeInTheOrderOfAsking() {
        List<String> told = new ArrayList<>();
        flights.run("a", this::call).onComplete(outcome -> told.add("first"));
        Future<Integer> second = flights.run("a", this::call).onComplete(outcome -> told.add("second"));
        assertThat(calls).hasSize(1);
        assertThat(flights.size()).isEqualTo(1);
        calls.get(0).complete(7);
        assertThat(told).containsExactly("first", "second");
        assertThat(second.result()).isEqualTo(7);
        assertThat(flights.size()).isZero();
    }

    @Test
    void otherKeysHaveCallsOfTheirOwn() {
        flights.run("a", this::call);
        flights.run("b", this::call);
        assertThat(calls).hasSize(2);
    }

    @Test
    void afterAFailureTheNextWhoAsksCallsAgainEvenFromTheAnswerItself() {
        List<Future<Integer>> again = new ArrayList<>();
        flights.run("a", this::call).onFailure(failure -> again.add(flights.run("a", this::call)));
        calls.get(0).fail("gone");
        assertThat(calls).hasSize(2);
        calls.get(1).complete(2);
        assertThat(again.get(0).result()).isEqualTo(2);
    }

    @Test
    void aCallThatThrowsFailsAndHoldsUpNobody() {
        Future<Integer> failed = flights.run("a", () -> {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "no");
        });
        assertThat(MusicFsException.kindOf(failed.cause())).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(flights.run("a", () -> Future.succeededFuture(1)).result()).isEqualTo(1);
        assertThat(flights.size()).isZero();
    }
}
