package dev.musicfs.library;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.OriginEntry;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class UnknownEntriesTest {
    private final MusicFsException denied = MusicFsException.wrap("cannot look", new AccessDeniedException("x"));

    private final UnknownEntries unknown = new UnknownEntries(new OriginId("disk"));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void deafen() {
        logger().detachAppender(log);
    }

    @Test
    void saysOfEachOnceThatItCannotBeLookedAt() {
        for (int round = 0; round < 3; round++) {
            unknown.beginRound();
            unknown.listed(RealPath.ROOT, List.of(denied("lost+found")));
            unknown.unlistable(new RealPath("cloud"), new MusicFsException(FailureKind.TIMEOUT, "no answer"));
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Origin disk: lost+found cannot be looked at (EACCES); what is known of it is kept: cannot look:"
                                + " permission denied",
                        "Origin disk: cloud cannot be looked at (timeout); what is known of it is kept: no answer");
        assertThat(texts()).containsExactly("cloud timeout", "lost+found EACCES");
    }

    @Test
    void forgetsWhatCanBeLookedAtAgainAndWhatIsGoneWithItsDirectory() {
        unknown.listed(RealPath.ROOT, List.of(denied("x")));
        unknown.unlistable(new RealPath("a/b"), denied);
        unknown.unlistable(new RealPath("a/c/d"), denied);
        unknown.unreadable(new RealPath("a b.flac"), denied);

        unknown.listed(new RealPath("a"), List.of(directory("a/c")));
        assertThat(texts()).containsExactly("a b.flac EACCES", "a/c/d EACCES", "x EACCES");
        unknown.listed(new RealPath("a/c/d"), List.of());
        assertThat(texts()).containsExactly("a b.flac EACCES", "x EACCES");
        unknown.unlistable(new RealPath("a/c"), denied);
        unknown.listed(RealPath.ROOT, List.of(directory("a")));
        assertThat(texts()).containsExactly("a/c EACCES");
        unknown.listed(RealPath.ROOT, List.of());
        assertThat(unknown.isEmpty()).isTrue();
    }

    @Test
    void remembersAndLogsNoMoreThanItsBounds() {
        unknown.listed(
                RealPath.ROOT,
                IntStream.range(0, 2 * UnknownEntries.MOST)
                        .mapToObj(i -> denied("n" + i))
                        .toList());
        assertThat(unknown.all()).hasSize(UnknownEntries.MOST);
        assertThat(log.list).hasSize(UnknownEntries.MOST_A_ROUND + 1);
    }

    private List<String> texts() {
        return unknown.all().stream()
                .map(each -> each.path() + " " + each.reason())
                .toList();
    }

    private OriginEntry denied(String path) {
        return OriginEntry.unknown(new RealPath(path), denied);
    }

    private static OriginEntry directory(String path) {
        return new OriginEntry(new RealPath(path), true, new FileVersion(0, 0, ""), 0);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(UnknownEntries.class);
    }
}
