package dev.musicfs.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.failure.Failpoint;
import dev.musicfs.it.crash.CrashPlan.Phase;
import dev.musicfs.testkit.DaemonProcess;
import dev.musicfs.testkit.Resilience;
import dev.musicfs.testkit.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the daemon while it starts, scans, follows a library that changes, or ends, and looks at everything that the next
 * one shows. {@code CrashLoopIT} does it to the store; {@code scripts/crashloop ROUNDS SEED} runs more rounds of both.
 */
class LibraryCrashLoopIT {
    private static final int ROUNDS = Integer.getInteger("musicfs.crash.rounds", 13);
    private static final long SEED = Long.getLong("musicfs.crash.seed", System.nanoTime());
    private static final int MOST_DRAWS = 12;

    @TempDir
    Path dir;

    private Site site;
    private ChangingLibrary library;
    private Judge judge;
    private Crash.Pace pace;
    private final Map<String, int[]> table = new TreeMap<>();
    private final Map<Phase, Deque<Optional<Failpoint>>> left = new EnumMap<>(Phase.class);

    @Test
    @Resilience({"2.4", "2.5", "2.7", "B.3"})
    void theLibraryIsWholeAfterACrashAtAnyMoment() throws Exception {
        site = Site.in(dir);
        library = new ChangingLibrary(site.origin(), Files.createDirectories(dir.resolve("scratch")));
        judge = new Judge(site, library);
        judge.noteTracks();
        measure();
        System.out.println("library crash loop: " + ROUNDS + " rounds, seed " + SEED + ", " + pace);
        Phase[] phases = Phase.values();
        // What one round draws, which depends on what it misses, is not to change the next.
        Random seeds = new Random(SEED);
        for (int round = 1; round <= ROUNDS; round++) {
            String where = "round " + round + " of seed " + SEED;
            try {
                round(phases[round % phases.length], new Random(seeds.nextLong()), where);
            } catch (Throwable e) {
                System.out.println(where + " failed; what it left is below " + keep(round));
                throw e;
            }
        }
        System.out.println("phase and point, rounds, drawn again");
        table.forEach((name, counts) -> System.out.printf(Locale.ROOT, "%-45s %4d %4d%n", name, counts[0], counts[1]));
        for (int phase = 0; phase < Math.min(ROUNDS, phases.length); phase++) {
            String name = phases[(1 + phase) % phases.length] + " ";
            assertThat(table.entrySet())
                    .as("%s of seed %s: no crash hit it", name, SEED)
                    .anyMatch(entry -> entry.getKey().startsWith(name) && entry.getValue()[0] > 0);
        }
    }

    /** Finds out how long things take. */
    private void measure() throws Exception {
        long launch = System.nanoTime();
        try (DaemonProcess daemon = site.start(Map.of())) {
            daemon.awaitOutput("musicfs: serving ");
            long serving = System.nanoTime();
            daemon.awaitOutput("musicfs: scanned ");
            long scanned = System.nanoTime();
            judge.inStep(daemon, "before the first crash");
            long term = System.nanoTime();
            daemon.signal("TERM");
            assertThat(daemon.awaitExit()).as(daemon.output()).isZero();
            pace = new Crash.Pace(serving - launch, scanned - serving, System.nanoTime() - term);
        }
        judge.forgetEverything();
    }

    private void round(Phase phase, Random random, String where) throws Exception {
        try (Crash crash = new Crash(site, library, judge, pace, where)) {
            boolean hit = false;
            for (int draw = 1; !hit && draw <= MOST_DRAWS; draw++) {
                hit = happens(crash, phase, false, random, where);
            }
            if (random.nextInt(3) == 0) {
                Phase next = random.nextBoolean() ? Phase.START : Phase.SYNC;
                happens(crash, next, true, random, where + ", for the second time");
            }
            for (int change = random.nextInt(4); change > 0; change--) {
                crash.change(random);
            }
            try (DaemonProcess next = site.start(Map.of())) {
                next.awaitOutput("musicfs: serving ");
                crash.isOver();
                judge.inStep(next, where);
                if (phase == Phase.SCAN && random.nextInt(3) == 0) {
                    next.await(() -> !judge.backups().isEmpty(), "a backup of the catalog");
                }
                judge.endsWell(next, where);
            }
        }
    }

    private boolean happens(Crash crash, Phase phase, boolean afterAnother, Random random, String where)
            throws Exception {
        Deque<Optional<Failpoint>> points = left.computeIfAbsent(phase, each -> new ArrayDeque<>());
        if (points.isEmpty()) {
            points.addAll(phase.shuffled(random));
        }
        CrashPlan plan = CrashPlan.random(phase, points.pop(), random);
        System.out.println(where + ": " + plan);
        boolean hit = crash.happens(plan, afterAnother, random);
        table.computeIfAbsent(plan.name(), name -> new int[2])[hit ? 0 : 1]++;
        if (!hit) {
            System.out.println("  missed");
        }
        return hit;
    }

    /** A copy without what is mounted. */
    private Path keep(int round) {
        Path kept = Path.of("target", "crash-" + round).toAbsolutePath();
        Shell.require(
                "bash",
                "-c",
                "rm -rf \"$2\" && mkdir -p \"$2\" && cd \"$1\" && cp -a origin cache *.toml *.out \"$2\"",
                "bash",
                dir.toString(),
                kept.toString());
        return kept;
    }
}
