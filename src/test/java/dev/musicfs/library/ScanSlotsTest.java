package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanSlotsTest {
    private final List<Integer> asked = new ArrayList<>();
    private final List<Promise<Integer>> answers = new ArrayList<>();

    @Test
    void soManyAreUnderWayAndOthersComeInOrderWhateverTheOutcome() {
        ScanSlots slots = new ScanSlots(2);
        List<Future<Integer>> outcomes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            outcomes.add(ask(slots, i));
        }
        assertThat(asked).containsExactly(0, 1);
        answers.get(1).complete(10);
        assertThat(outcomes.get(1).result()).isEqualTo(10);
        assertThat(asked).containsExactly(0, 1, 2);
        answers.get(0).fail("refused");
        assertThat(outcomes.get(0).cause()).hasMessage("refused");
        assertThat(asked).containsExactly(0, 1, 2, 3);
        answers.get(2).complete(1);
        answers.get(3).complete(1);
        answers.get(4).complete(1);
        assertThat(outcomes).allMatch(Future::isComplete);
        ask(slots, 5);
        ask(slots, 6);
        ask(slots, 7);
        assertThat(asked).endsWith(5, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void thereIsRoomForOneAtTheLeast(int width) {
        ScanSlots slots = new ScanSlots(width);
        ask(slots, 0);
        ask(slots, 1);
        assertThat(asked).containsExactly(0);
    }

    @Test
    void manyThatAreAnsweredAtOnceTakeNoStack() {
        ScanSlots slots = new ScanSlots(1);
        Promise<Void> first = Promise.promise();
        Future<Void> held = slots.run(first::future);
        List<Future<Integer>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            outcomes.add(slots.run(() -> Future.succeededFuture(1)));
        }
        assertThat(outcomes).noneMatch(Future::isComplete);
        first.complete();
        assertThat(held.succeeded()).isTrue();
        assertThat(outcomes).allMatch(Future::succeeded);
    }

    private Future<Integer> ask(ScanSlots slots, int number) {
        return slots.run(() -> {
            asked.add(number);
            Promise<Integer> answer = Promise.promise();
            answers.add(answer);
            return answer.future();
        });
    }
}
