package dev.musicfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.FileRow;
import dev.musicfs.catalog.LibraryChange;
import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import dev.musicfs.testkit.Resilience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failures amid changes of the tree. */
@Timeout(60)
class TreeAmidAChangeTest extends UpdaterFixture {
    private static final int TRACKS = 5;
    private static final List<String> BEFORE = List.of("A");
    private static final List<String> AFTER = List.of("B");

    private final FileRow[] inA = tracks("A");
    private final FileRow[] inB = tracks("B");

    private static FileRow[] tracks(String artist) {
        return IntStream.rangeClosed(1, TRACKS)
                .mapToObj(number ->
                        Tracks.track(number, "d/" + number + ".flac", Tracks.tags(artist, "B", number, "x" + number)))
                .toArray(FileRow[]::new);
    }

    @Test
    @Resilience("2.9")
    void readersSeeTheOldTreeOrTheNewWhicheverStepOfTheWriterFails() throws Exception {
        add(inA);
        AtomicBoolean over = new AtomicBoolean();
        List<List<String>> torn = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        Thread reader = new Thread(() -> {
            while (!over.get()) {
                List<String> roots = roots();
                if (!roots.equals(BEFORE) && !roots.equals(AFTER)) {
                    torn.add(roots);
                }
                looks.incrementAndGet();
            }
        });
        reader.start();
        for (int time = 0; time < 20; time++) {
            RuntimeException failure = time % 2 == 0
                    ? new MusicFsException(FailureKind.NO_SPACE, "full")
                    : new IllegalStateException("a defect");
            catalog.nextFailure = Optional.of(failure);
            catalog.throwing = time % 4 > 1;
            List<String> before = roots();
            assertThatThrownBy(() -> retag(before.equals(BEFORE) ? inB : inA)).isSameAs(failure);
            assertThat(roots()).as("after a failure").isEqualTo(before);
            assertThat(paths()).hasSize(TRACKS + 2);
            onAnotherThread(() -> retag(before.equals(BEFORE) ? inB : inA));
            assertThat(roots()).as("after the next change").isEqualTo(before.equals(BEFORE) ? AFTER : BEFORE);
            assertThat(paths()).hasSize(TRACKS + 2);
        }
        int seen = looks.get();
        while (looks.get() == seen) {
            Thread.onSpinWait();
        }
        over.set(true);
        reader.join();
        assertThat(torn).isEmpty();
    }

    @Test
    @Resilience("2.9")
    void aReaderOfTheCatalogThatFailsWhileABatchIsPlannedChangesNothing() throws Exception {
        add(inA);
        catalog.failReads(Optional.of(new MusicFsException(FailureKind.UNAVAILABLE, "gone")));
        assertThatThrownBy(() -> retag(inB)).hasMessage("gone");
        catalog.failReads(Optional.empty());
        assertThat(roots()).isEqualTo(BEFORE);
        onAnotherThread(() -> retag(inB));
        assertThat(roots()).isEqualTo(AFTER);
    }

    @Test
    @Resilience("2.9")
    void aMountThatThrowsAmidABatchHidesNothingAndTheRestIsAnnounced() throws Exception {
        updater.attach(announcer);
        for (Throwable defect : List.of(new IllegalStateException("a defect"), new StackOverflowError())) {
            announcer.events.clear();
            AtomicInteger calls = new AtomicInteger();
            announcer.during = event -> {
                if (calls.incrementAndGet() == 2) {
                    throwAnyway(defect);
                }
            };
            FileRow[] now = roots().equals(BEFORE) ? inB : inA;
            if (roots().isEmpty()) {
                add(now);
            } else {
                retag(now);
            }
            assertThat(announcer.events).as("announcements").hasSizeGreaterThan(TRACKS);
            assertThat(paths()).hasSize(TRACKS + 2);
        }
        announcer.during = event -> {};
        onAnotherThread(() -> retag(roots().equals(BEFORE) ? inB : inA));
        assertThat(paths()).hasSize(TRACKS + 2);
    }

    @Test
    @Resilience("2.9")
    void aMountThatCannotSayWhatItKnowsHidesNothing() throws Exception {
        updater.attach(announcer);
        announcer.known = directory -> {
            throw new IllegalStateException("a defect");
        };
        assertThatThrownBy(() -> add(inA)).hasMessage("a defect");
        assertThat(paths()).as("it was not even planned").isEmpty();

        announcer.known = directory -> {
            if (!catalog.transactions.isEmpty()) {
                throw new IllegalStateException("a defect");
            }
            return true;
        };
        add(inA);
        assertThat(paths()).as("it is committed").hasSize(TRACKS + 2);
        announcer.known = directory -> true;
        onAnotherThread(() -> retag(inB));
        assertThat(roots()).isEqualTo(AFTER);
    }

    private void retag(FileRow... now) {
        FileRow[] before = now == inB ? inA : inB;
        apply(IntStream.range(0, TRACKS)
                .mapToObj(i -> new LibraryChange.Updated(before[i], now[i]))
                .toArray(LibraryChange[]::new));
    }

    private List<String> roots() {
        return tree.childrenBlocking(NodeId.ROOT, "", 10).stream()
                .map(NodeRow::name)
                .toList();
    }

    private static void onAnotherThread(Runnable change) throws Exception {
        CompletableFuture.runAsync(change).get(20, TimeUnit.SECONDS);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void throwAnyway(Throwable defect) throws T {
        throw (T) defect;
    }
}
