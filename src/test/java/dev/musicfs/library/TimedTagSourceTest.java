package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.RealPath;
import dev.musicfs.model.TrackTags;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimedTagSourceTest {
    private static final RealPath PATH = new RealPath("hole.mp3");
    private static final FileVersion VERSION = new FileVersion(4L << 40, 1, "");

    /** What is due after the limit, until it is called off. */
    private final List<Runnable> due = new ArrayList<>();

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Promise<ReadFile> slow = Promise.promise();
    private final TimedTagSource source = new TimedTagSource((path, version) -> slow.future(), LIMIT, (delay, task) -> {
        assertThat(delay).isEqualTo(LIMIT);
        due.add(task);
        return () -> due.remove(task);
    });

    @Test
    void aFileThatTakesTooLongFailsWithATimeout() {
        Future<ReadFile> read = source.read(PATH, VERSION);
        assertThat(read.isComplete()).isFalse();
        List.copyOf(due).forEach(Runnable::run);
        assertThat(MusicFsException.kindOf(read.cause())).isEqualTo(FailureKind.TIMEOUT);
        slow.complete(new ReadFile(TrackTags.unknown("mp3"), Optional.empty()));
        assertThat(read.failed()).isTrue();
    }

    @Test
    void oneThatIsReadInTimeLeavesNoTimerBehind() {
        Future<ReadFile> read = source.read(PATH, VERSION);
        ReadFile file = new ReadFile(TrackTags.unknown("mp3"), Optional.empty());
        slow.complete(file);
        assertThat(read.result()).isSameAs(file);
        assertThat(due).isEmpty();
    }
}
