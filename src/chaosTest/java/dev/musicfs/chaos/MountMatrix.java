package dev.musicfs.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The jar on a mount whose only origin is behind a bad network, each way in which it can be bad in turn: reads give the
 * right bytes or an error within the bound, nobody else notices, and all is well when the network is. One daemon lives
 * through all of it, so that whatever a scenario leaves behind harms the next.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class MountMatrix {
    /** What is published is 30 s for a read; the rest is for a machine that does something else meanwhile. */
    private static final Duration BOUND = Duration.ofSeconds(40);

    private static final int READERS = 20;
    private static final int READER_FILES = 4;
    private static final int SCANNED_TRACKS = 12;
    private static final long HEAD_BYTES = 64 << 10;

    private final Protocol protocol;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "reader");
        thread.setDaemon(true);
        return thread;
    });
    private Lab lab;
    private Proxied way;
    private Library library;
    private Deque<String> fresh;
    private Mounted mounted;

    MountMatrix(Protocol protocol) {
        this.protocol = protocol;
    }

    Stream<Scenario> scenarios() {
        return Scenario.of(protocol);
    }

    @BeforeAll
    void mount(Lab given) throws IOException {
        lab = given;
        way = lab.wayTo(protocol);
        int tracks = scenarios().mapToInt(MountMatrix::freshTracks).sum();
        library = Library.of(lab, protocol + " Matrix", tracks);
        fresh = new ArrayDeque<>(library.shown());
        mounted = Mounted.scanned(lab.scratch("matrix"), configuration(library, way), library);
    }

    @AfterAll
    void unmount() {
        if (mounted != null) {
            try (Mounted last = mounted) {
                last.awaitIdleThreads();
            }
        }
        if (way != null) {
            way.close();
        }
        threads.shutdownNow();
    }

    @AfterEach
    void heal() {
        way.heal();
    }

    private static int freshTracks(Scenario scenario) {
        return switch (scenario.activity()) {
            case FIRST_SCAN -> 0;
            case PLAY, SEEK -> 1;
            case TWENTY_READERS -> READER_FILES;
        };
    }

    private String configuration(Library music, Proxied over) {
        return Mounted.SETTINGS + Mounted.origin("far", 1, protocol.keys(lab, music.dir(), over.port()));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    @Resilience({"3.8", "B.2", "B.4", "N.4"})
    void readsAreRightOrFailInTimeAndNobodyElseNotices(Scenario scenario) throws Exception {
        long begin = System.nanoTime();
        String came =
                switch (scenario.activity()) {
                    case FIRST_SCAN -> scan(scenario);
                    case PLAY -> disturbed(scenario, List.of(play(scenario, fresh.remove())));
                    case SEEK -> disturbed(scenario, List.of(seek(scenario, fresh.remove())));
                    case TWENTY_READERS -> disturbed(scenario, readers(scenario));
                };
        System.out.printf("chaos: %-40s %s; %.1f s in all%n", scenario, came, (System.nanoTime() - begin) / 1e9);
    }

    /** Something a user does, part of it before the network goes bad. */
    private interface Doing {
        Outcome go() throws Exception;
    }

    private String disturbed(Scenario scenario, List<Doing> doings) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        try (Bystander bystander =
                new Bystander(mounted.mountPoint(), library.shown().get(0))) {
            List<Future<Outcome>> under = new ArrayList<>();
            for (Doing doing : doings) {
                under.add(threads.submit(doing::go));
            }
            for (Future<Outcome> each : under) {
                outcomes.add(each.get(4 * BOUND.toSeconds(), TimeUnit.SECONDS));
            }
            bystander.assertUndisturbed(scenario);
        }
        assertThat(mounted.isComplete(library)).as("the tree is complete").isTrue();
        for (Outcome outcome : outcomes) {
            assertThat(outcome.slowest()).as("the slowest read, %s", outcome).isLessThan(BOUND);
            if (!scenario.mayFailReads()) {
                assertThat(outcome.error()).isEmpty();
            }
            if (scenario.fault().stopsReads()) {
                assertThat(outcome.isWhole())
                        .as("it was spared: the fault proves nothing")
                        .isFalse();
            }
        }
        way.heal();
        long healing = System.nanoTime();
        mounted.awaitHealed();
        double healed = (System.nanoTime() - healing) / 1e9;
        return "%s; healed in %.1f s".formatted(summary(outcomes), healed);
    }

    private static String summary(List<Outcome> outcomes) {
        long whole = outcomes.stream().filter(Outcome::isWhole).count();
        double slowest = outcomes.stream()
                .mapToDouble(each -> each.slowest().toMillis() / 1e3)
                .max()
                .orElse(0);
        List<String> errors = outcomes.stream()
                .map(Outcome::error)
                .filter(error -> !error.isEmpty())
                .distinct()
                .toList();
        return "%d of %d right to the end, slowest read %.1f s%s"
                .formatted(whole, outcomes.size(), slowest, errors.isEmpty() ? "" : ", " + errors);
    }

    private Doing play(Scenario scenario, String track) {
        return () -> {
            Path file = mounted.track(track);
            Path original = library.original(track);
            assertThat(Outcome.read(file, original, 0, HEAD_BYTES).error()).isEmpty();
            way.ail(scenario.fault());
            Outcome outcome = Outcome.read(file, original, HEAD_BYTES, Long.MAX_VALUE - HEAD_BYTES);
            way.heal();
            awaitWhole(track);
            return outcome;
        };
    }

    private Doing seek(Scenario scenario, String track) {
        return () -> {
            Path file = mounted.track(track);
            Path original = library.original(track);
            long size = Files.size(original);
            Random random = new Random(scenario.hashCode());
            way.ail(scenario.fault());
            Outcome last = new Outcome(0, "", Duration.ZERO);
            for (int i = 0; i < 4 && last.isWhole(); i++) {
                Outcome next = Outcome.read(file, original, random.nextLong(size - 4096), 4096);
                last = new Outcome(
                        last.bytes() + next.bytes(),
                        next.error(),
                        last.slowest().compareTo(next.slowest()) > 0 ? last.slowest() : next.slowest());
            }
            way.heal();
            awaitWhole(track);
            return last;
        };
    }

    private List<Doing> readers(Scenario scenario) throws IOException {
        way.ail(scenario.fault());
        List<Doing> readers = new ArrayList<>();
        List<String> tracks = new ArrayList<>();
        for (int i = 0; i < READER_FILES; i++) {
            tracks.add(fresh.remove());
        }
        for (int i = 0; i < READERS; i++) {
            String track = tracks.get(i % READER_FILES);
            Path original = library.original(track);
            long from = Files.size(original) * (i / READER_FILES) / (READERS / READER_FILES);
            readers.add(() -> Outcome.read(mounted.track(track), original, from, 2 * HEAD_BYTES));
        }
        return readers;
    }

    /** Whoever tries again gets the whole track, soon after the network is well. */
    private void awaitWhole(String track) {
        mounted.daemon()
                .await(
                        () -> {
                            try {
                                return Outcome.read(mounted.track(track), library.original(track), 0, Long.MAX_VALUE)
                                        .isWhole();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        },
                        track + " to be playable again");
    }

    /** A daemon that has never seen the origin meets it like this. It may say so and end; it may not hang. */
    private String scan(Scenario scenario) throws Exception {
        Library scanned = Library.of(lab, scenario.toString(), SCANNED_TRACKS, 2000);
        Path dir = lab.scratch("scan");
        String came;
        try (Proxied over = lab.wayTo(protocol)) {
            String configuration = configuration(scanned, over);
            over.ail(scenario.fault());
            boolean served;
            try (Mounted first = Mounted.start(dir, configuration)) {
                first.daemon()
                        .await(
                                () -> first.daemon().output().contains("musicfs: serving ")
                                        || !first.daemon().isAlive(),
                                "a start or a refusal");
                served = first.daemon().isAlive();
                came = "refused: " + first.daemon().output().strip();
                if (served) {
                    int seen = lookAbout(first, scanned);
                    over.heal();
                    first.awaitTracks(scanned);
                    came = seen + " of " + SCANNED_TRACKS + " tracks meanwhile";
                    assertServes(first, scanned);
                }
            }
            if (!served) {
                over.heal();
                try (Mounted second = Mounted.scanned(dir, configuration, scanned)) {
                    assertServes(second, scanned);
                }
            }
        }
        return came;
    }

    /** For a while, or until all is there. */
    private static int lookAbout(Mounted mounted, Library scanned) throws IOException {
        Polling.until(() -> mounted.isComplete(scanned), Duration.ofMillis(200), Deadline.in(Duration.ofSeconds(3)));
        long begin = System.nanoTime();
        int seen = (int) scanned.shown().stream()
                .filter(track -> Files.exists(mounted.track(track)))
                .count();
        assertThat(Files.getFileStore(mounted.mountPoint()).getTotalSpace()).isNotNegative();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        return seen;
    }

    private static void assertServes(Mounted mounted, Library scanned) {
        mounted.awaitHealed();
        for (String track : scanned.shown()) {
            assertThat(Trees.sha256(mounted.track(track))).isEqualTo(Trees.sha256(scanned.original(track)));
        }
        mounted.awaitHealed();
    }
}
