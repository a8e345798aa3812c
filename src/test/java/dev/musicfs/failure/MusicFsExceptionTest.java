package dev.musicfs.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class MusicFsExceptionTest {
    @Test
    void whatIsWrappedKeepsItsKindAndItsReason() {
        Throwable missing = new NoSuchFileException("/music/a");
        MusicFsException wrapped = MusicFsException.wrap("The file cannot be read", missing);
        assertThat(wrapped.kind()).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(wrapped)
                .hasMessage("The file cannot be read: no such file or directory")
                .hasCause(missing);
        assertThat(MusicFsException.wrap("No", new AccessDeniedException("/music/a")))
                .hasMessage("No: permission denied");
        assertThat(MusicFsException.wrap("No", new IOException("the disk is on fire")))
                .hasMessage("No: the disk is on fire");
        assertThat(MusicFsException.wrap("No", new IOException())).hasMessage("No: IOException");
    }

    @Test
    void oneOfOursComesBackAsItIs() {
        MusicFsException ours = new MusicFsException(FailureKind.STALE, "replaced");
        assertThat(MusicFsException.wrap("No", ours)).isSameAs(ours);
    }

    @Test
    void everyThrowableHasAKind() {
        assertThat(MusicFsException.kindOf(new TimeoutException())).isEqualTo(FailureKind.TIMEOUT);
        assertThat(MusicFsException.kindOf(new ReadOnlyFileSystemException())).isEqualTo(FailureKind.READ_ONLY);
        assertThat(MusicFsException.kindOf(new IOException())).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(MusicFsException.kindOf(new IllegalStateException())).isEqualTo(FailureKind.INTERNAL);
    }

    @Test
    void onlyWhatMayPassByItselfIsTriedAgain() {
        assertThat(Arrays.stream(FailureKind.values()).filter(FailureKind::retryable))
                .containsExactly(FailureKind.UNAVAILABLE, FailureKind.TIMEOUT, FailureKind.CORRUPT);
    }

    @Test
    void theBreakerCountsOnlyWhatSaysSomethingOfTheOrigin() {
        assertThat(Arrays.stream(FailureKind.values()).filter(FailureKind::countsAgainstBreaker))
                .containsExactly(FailureKind.UNAVAILABLE, FailureKind.TIMEOUT, FailureKind.REJECTED);
    }
}
