package dev.musicfs.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
    public enum Mood {
        HALF_OPEN
    }

    public record Inner(String name, long size) {}

    public record Outer(
            String text,
            int small,
            long large,
            double share,
            boolean flag,
            Optional<String> maybe,
            Optional<Long> count,
            List<String> texts,
            List<Inner> inners,
            Inner one) {}

    private static final Outer FULL = new Outer(
            "a \"b\"",
            7,
            1L << 40,
            0.5,
            true,
            Optional.of("there"),
            Optional.of(3L),
            List.of("x", "y"),
            List.of(new Inner("i", 1), new Inner("j", 2)),
            new Inner("k", 3));

    @Test
    void aRecordComesBackAsItWas() {
        JsonObject travelled = new JsonObject(RecordJson.of(FULL).encode());
        assertThat(RecordJson.to(Outer.class, travelled)).isEqualTo(FULL);
        assertThat(travelled.fieldNames())
                .containsExactly("text", "small", "large", "share", "flag", "maybe", "count", "texts", "inners", "one");
        assertThat(travelled.getJsonArray("inners"))
                .isEqualTo(new JsonArray("[{\"name\":\"i\",\"size\":1},{\"name\":\"j\",\"size\":2}]"));
    }

    @Test
    void whatIsEmptyIsLeftOut() {
        Outer sparse = new Outer(
                "", 0, 0, 0, false, Optional.empty(), Optional.empty(), List.of(), List.of(), new Inner("", 0));
        JsonObject json = RecordJson.of(sparse);
        assertThat(json.containsKey("maybe")).isFalse();
        assertThat(RecordJson.to(Outer.class, new JsonObject(json.encode()))).isEqualTo(sparse);
    }

    @Test
    void enumerationsAreSmallLetters() {
        record Feeling(Mood mood) {}
        assertThat(RecordJson.of(new Feeling(Mood.HALF_OPEN))).isEqualTo(new JsonObject("{\"mood\":\"half_open\"}"));
    }

    @Test
    void keysOfANewerDaemonAreIgnored() {
        assertThat(RecordJson.to(Inner.class, new JsonObject("{\"name\":\"a\",\"size\":1,\"colour\":\"red\"}")))
                .isEqualTo(new Inner("a", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"a\"}", "{\"name\":1,\"size\":1}", "{\"name\":\"a\",\"size\":\"1\"}", "{}"})
    void whatDoesNotFitIsCorrupt(String answer) {
        assertThatThrownBy(() -> RecordJson.to(Inner.class, new JsonObject(answer)))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT))
                .hasMessageContaining("the answer has no good \"");
    }

    @Test
    void anOptionalOfAnotherTypeIsCorruptAndNotAbsent() {
        JsonObject json = RecordJson.of(FULL).put("maybe", 3);
        assertThatThrownBy(() -> RecordJson.to(Outer.class, json)).hasMessageContaining("no good \"maybe\"");
        JsonObject texts = RecordJson.of(FULL).put("texts", new JsonArray().add(1));
        assertThatThrownBy(() -> RecordJson.to(Outer.class, texts)).hasMessageContaining("no good \"texts\"");
    }

    @Test
    void whatIsNoJsonIsCorrupt() {
        assertThatThrownBy(() -> RecordJson.parse("<html>")).hasMessage("the answer is not JSON");
    }
}
