package dev.musicfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.tree.Announcer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RemountingMountTest {
    private final List<String> events = new ArrayList<>();
    private final List<FakeMount> mounts = new ArrayList<>();
    private final List<Announcer> told = new ArrayList<>();
    private int refusals;
    private Runnable whileItWaits = () -> {};
    private Runnable whileItMounts = () -> {};
    private boolean isAccepted = true;

    @Test
    @Resilience("3.4")
    void anAbortedMountIsMadeAnewASecondLaterAndChangesAreTheNewOnes() {
        RemountingMount kept = kept();
        kept.start();
        kept.announceThrough(told::add);
        first().abort();
        whileItMounts = () -> mounts.get(1).unmountedByAnother();

        assertThat(kept.awaitEnd(() -> events.add("between"))).isTrue();

        assertThat(events).containsExactly("mount 1 starts", "mount 1 stops", "between", "waits 1 s", "mount 2 starts");
        assertThat(told)
                .containsExactly(mounts.get(0).announcer(), mounts.get(1).announcer());
    }

    @Test
    @Resilience("3.4")
    void isTriedAfterOneAndFiveAndFifteenSecondsAndThenGivenUpWithTheDeadMountInItsPlace() {
        RemountingMount kept = kept();
        kept.start();
        first().abort();
        refusals = 4;

        assertThat(kept.awaitEnd(() -> {})).isFalse();

        assertThat(events)
                .containsExactly(
                        "mount 1 starts",
                        "mount 1 stops",
                        "waits 1 s",
                        "refused",
                        "waits 5 s",
                        "refused",
                        "waits 15 s",
                        "refused");
        assertThat(refusals).as("no fourth attempt").isEqualTo(1);
    }

    @Test
    @Resilience("3.4")
    void theLastAttemptCountsAndTheNextAbortBeginsFromOneSecondAgain() {
        RemountingMount kept = kept();
        kept.start();
        first().abort();
        refusals = 2;
        whileItMounts = () -> {
            FakeMount newest = mounts.get(mounts.size() - 1);
            if (mounts.size() == 2) {
                newest.abort();
            } else {
                newest.unmountedByAnother();
            }
        };

        assertThat(kept.awaitEnd(() -> {})).isTrue();

        assertThat(events.stream().filter(event -> event.startsWith("waits")))
                .containsExactly("waits 1 s", "waits 5 s", "waits 15 s", "waits 1 s");
    }

    @Test
    @Resilience("3.4")
    void whatSomebodyTookAwayIsNotMadeAnew() {
        RemountingMount kept = kept();
        kept.start();
        first().unmountedByAnother();

        assertThat(kept.awaitEnd(() -> events.add("between"))).isTrue();

        assertThat(events).containsExactly("mount 1 starts");
    }

    @Test
    @Resilience({"2.1", "3.4"})
    void aStopWhileItWaitsIsTheEnd() {
        RemountingMount kept = kept();
        kept.start();
        first().abort();
        whileItWaits = kept::beginStop;

        assertThat(kept.awaitEnd(() -> {})).isTrue();

        assertThat(mounts).hasSize(1);
    }

    @Test
    @Resilience({"2.1", "3.4"})
    void aMountThatCameAmidAStopGoesAgain() {
        RemountingMount kept = kept();
        kept.start();
        first().abort();
        whileItMounts = kept::beginStop;

        assertThat(kept.awaitEnd(() -> {})).isTrue();

        assertThat(events).endsWith("mount 2 starts", "mount 2 stops");
    }

    @Test
    void aMountThatTheKernelDoesNotBeginToUseIsTakenAwayAfterTwentySeconds() {
        isAccepted = false;
        RemountingMount kept = kept();

        assertThatThrownBy(kept::start)
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.TIMEOUT))
                .hasMessageContaining("within 20 s");

        assertThat(events).containsExactly("mount 1 starts", "waits 20 s", "mount 1 stops");
    }

    private RemountingMount kept() {
        return new RemountingMount(Path.of("/mnt/music"), this::make, this::await);
    }

    private FakeMount first() {
        return mounts.get(0);
    }

    private KernelMount make() {
        if (refusals > 0 && !mounts.isEmpty()) {
            refusals--;
            events.add("refused");
            throw new MusicFsException(FailureKind.UNAVAILABLE, "/mnt/music is not empty.");
        }
        FakeMount made = new FakeMount(mounts.size() + 1);
        mounts.add(made);
        return made;
    }

    /** What does not come by itself does not come however long one waits. */
    private void await(CompletableFuture<Void> what, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!what.isDone()) {
            events.add("waits " + patience.toSeconds() + " s");
            whileItWaits.run();
        }
        if (!what.isDone()) {
            throw new TimeoutException();
        }
        Void unused = what.get();
    }

    private final class FakeMount implements KernelMount {
        private final int number;
        private final Announcer announcer = new SilentAnnouncer();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private boolean dead;

        FakeMount(int number) {
            this.number = number;
        }

        void abort() {
            dead = true;
            ended.complete(null);
        }

        void unmountedByAnother() {
            ended.complete(null);
        }

        @Override
        public CompletableFuture<Void> start() {
            events.add("mount " + number + " starts");
            if (number > 1) {
                whileItMounts.run();
            }
            return isAccepted ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Void> ended() {
            return ended;
        }

        @Override
        public boolean isDead() {
            return dead;
        }

        @Override
        public Announcer announcer() {
            return announcer;
        }

        @Override
        public void stop(Duration drain) {
            events.add("mount " + number + " stops");
        }

        @Override
        public void leave(Duration drain) {
            events.add("mount " + number + " is left");
        }

        @Override
        public void takeAway() {
            throw new AssertionError("nobody is in such a hurry");
        }
    }

    private static final class SilentAnnouncer implements Announcer {
        @Override
        public boolean isKnown(NodeRow directory) {
            return false;
        }

        @Override
        public void created(String path, boolean directory) {}

        @Override
        public void removed(String path, boolean directory) {}

        @Override
        public void moved(String fromPath, String toPath) {}

        @Override
        public void changed(String path, long sizeBytes, long mtimeNanos) {}
    }
}
