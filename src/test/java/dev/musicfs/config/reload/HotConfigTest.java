package dev.musicfs.config.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.config.DefaultConfig;
import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.config.SafetyConfig;
import dev.musicfs.testkit.Resilience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parts that note what they are given. */
class HotConfigTest {
    private static final MusicFsConfig STARTED = config(20, Duration.ofSeconds(20));

    private final List<String> calls = new ArrayList<>();
    private boolean broken;
    private final HotConfig hot = new HotConfig(
            STARTED,
            List.of(new Part("first"), new Part("second")),
            () -> calls.add("began"),
            () -> calls.add("ended"));

    @Test
    @Resilience("3.6")
    void eachPartInTurnIsGivenWhatNeedsNoRestart() {
        hot.applyBlocking(config(30, Duration.ofSeconds(60)));
        assertThat(calls).containsExactly("first: 20 -> 30, 20 s", "second: 20 -> 30, 20 s");
        assertThat(hot.current()).isEqualTo(config(30, Duration.ofSeconds(20)));
    }

    @Test
    @Resilience("3.6")
    void noPartIsAskedWhenNothingChangesThatItCouldTake() {
        hot.applyBlocking(config(20, Duration.ofSeconds(60)));
        assertThat(calls).isEmpty();
        assertThat(hot.current()).isEqualTo(STARTED);
    }

    @Test
    @Resilience("3.6")
    void afterAPartThatFailsTheNextReloadAsksAllAgain() {
        broken = true;
        assertThatThrownBy(() -> hot.applyBlocking(config(30, Duration.ofSeconds(20))))
                .hasMessage("first");
        assertThat(hot.current()).isEqualTo(STARTED);
        broken = false;
        hot.applyBlocking(config(30, Duration.ofSeconds(20)));
        assertThat(calls).containsExactly("first: 20 -> 30, 20 s", "second: 20 -> 30, 20 s");
    }

    @Test
    @Resilience("3.6")
    void whatAnyPartFindsWrongIsTold() {
        assertThat(hot.problemsBlocking(config(30, Duration.ofSeconds(20))))
                .containsExactly("first does not want 30", "second does not want 30");
    }

    @Test
    void tellsOfTheBeginningAndTheEndOfAReload() {
        hot.began();
        hot.ended();
        assertThat(calls).containsExactly("began", "ended");
    }

    private static MusicFsConfig config(int percent, Duration drain) {
        return new MusicFsConfig(
                Optional.empty(),
                Path.of("/cache"),
                "$title",
                List.of(),
                DefaultConfig.CACHE,
                DefaultConfig.FUSE,
                DefaultConfig.HEALTH,
                new SafetyConfig(percent),
                DefaultConfig.LOGGING,
                drain);
    }

    private final class Part implements HotPart {
        private final String name;

        Part(String name) {
            this.name = name;
        }

        @Override
        public List<String> problemsBlocking(MusicFsConfig before, MusicFsConfig next) {
            return List.of(name + " does not want " + next.safety().maxRemovedPercent());
        }

        @Override
        public void applyBlocking(MusicFsConfig before, MusicFsConfig taken) {
            if (broken) {
                throw new IllegalStateException(name);
            }
            calls.add(name + ": " + before.safety().maxRemovedPercent() + " -> "
                    + taken.safety().maxRemovedPercent() + ", "
                    + taken.drainTimeout().toSeconds() + " s");
        }
    }
}
