package dev.musicfs.it.crash;

import static dev.musicfs.failure.Failpoint.DB_OPEN_CORRUPT;
import static dev.musicfs.failure.Failpoint.DELTA_SYNC_AFTER_BATCH;
import static dev.musicfs.failure.Failpoint.FUSE_ANNOUNCE_BEFORE_REPLY;
import static dev.musicfs.failure.Failpoint.FUSE_READ_BEFORE_REPLY;
import static dev.musicfs.failure.Failpoint.HEALTH_CHECK_HANG;
import static dev.musicfs.failure.Failpoint.READER_MANIFEST_FETCH;
import static dev.musicfs.failure.Failpoint.SHUTDOWN_PHASE;
import static dev.musicfs.failure.Failpoint.SYNC_CHECKPOINT;

import dev.musicfs.failure.Failpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One crash.
 *
 * @param point what is armed; empty: nothing is
 * @param action what the point does, in the failpoints' own grammar
 * @param share where it is killed by a signal: the moment as a share of what the phase takes, 0 to 1
 */
record CrashPlan(Phase phase, Optional<Failpoint> point, String action, double share) {
    /** How a process ends that was killed, by whichever way. */
    static final int KILLED = 137;

    private static final String EXIT = "exit(" + KILLED + ")";
    private static final String DAMAGED_ONCE = "1*return(CORRUPT)";
    private static final int READS = 30;
    private static final int HOLD_MILLIS = 3_000;
    private static final Set<Failpoint> DURING_READS =
            Set.of(READER_MANIFEST_FETCH, FUSE_READ_BEFORE_REPLY, FUSE_ANNOUNCE_BEFORE_REPLY);
    private static final int SHUTDOWN_STEPS = 8;
    private static final Set<Phase> SCANNING = EnumSet.of(Phase.SCAN, Phase.RESCAN);

    /** What the daemon is at when it crashes. */
    @SuppressWarnings("ImmutableEnumChecker") // The list is immutable; its type does not say so.
    enum Phase {
        /** From its launch until it serves. */
        START(DB_OPEN_CORRUPT),
        /** The first scan, of an empty catalog. */
        SCAN(
                DELTA_SYNC_AFTER_BATCH,
                SYNC_CHECKPOINT,
                HEALTH_CHECK_HANG,
                READER_MANIFEST_FETCH,
                DB_OPEN_CORRUPT,
                FUSE_ANNOUNCE_BEFORE_REPLY,
                FUSE_READ_BEFORE_REPLY),
        /** The first look at a library that changed while nobody ran. */
        RESCAN(
                DELTA_SYNC_AFTER_BATCH,
                SYNC_CHECKPOINT,
                READER_MANIFEST_FETCH,
                FUSE_ANNOUNCE_BEFORE_REPLY,
                FUSE_READ_BEFORE_REPLY),
        /** While the library changes. */
        SYNC(
                DELTA_SYNC_AFTER_BATCH,
                SYNC_CHECKPOINT,
                HEALTH_CHECK_HANG,
                READER_MANIFEST_FETCH,
                DB_OPEN_CORRUPT,
                FUSE_ANNOUNCE_BEFORE_REPLY,
                FUSE_READ_BEFORE_REPLY),
        /** From SIGTERM to its end. */
        SHUTDOWN(SHUTDOWN_PHASE);

        private final List<Optional<Failpoint>> points;

        Phase(Failpoint... points) {
            this.points = Stream.concat(
                            Stream.of(Optional.<Failpoint>empty()),
                            Stream.of(points).map(Optional::of))
                    .toList();
        }

        /** What can end it, in an order by chance; empty is a signal. */
        List<Optional<Failpoint>> shuffled(Random random) {
            List<Optional<Failpoint>> all = new ArrayList<>(points);
            Collections.shuffle(all, random);
            return all;
        }
    }

    /** Every failpoint that a plan may have. */
    static Set<Failpoint> points() {
        Set<Failpoint> all = EnumSet.noneOf(Failpoint.class);
        for (Phase phase : Phase.values()) {
            phase.points.forEach(point -> point.ifPresent(all::add));
        }
        return all;
    }

    static CrashPlan random(Phase phase, Optional<Failpoint> point, Random random) {
        return new CrashPlan(
                phase, point, point.map(armed -> action(phase, armed, random)).orElse(""), random.nextDouble());
    }

    private static String action(Phase phase, Failpoint point, Random random) {
        return switch (point) {
            // Opening is over in a moment: it crashes there, or after it was set aside, or later on with a new one.
            case DB_OPEN_CORRUPT ->
                switch (phase) {
                    case START -> random.nextBoolean() ? EXIT : DAMAGED_ONCE + "->" + EXIT;
                    case SCAN, RESCAN, SYNC, SHUTDOWN -> DAMAGED_ONCE;
                };
            case SHUTDOWN_PHASE -> after(random.nextInt(SHUTDOWN_STEPS));
            case READER_MANIFEST_FETCH, FUSE_READ_BEFORE_REPLY -> after(random.nextInt(READS));
            case FUSE_ANNOUNCE_BEFORE_REPLY -> after(random.nextInt(4));
            // At its start it passes the latter two, and is to get over that in the phase of changes.
            case DELTA_SYNC_AFTER_BATCH -> after(phase == Phase.SYNC ? random.nextInt(3) : 0);
            case SYNC_CHECKPOINT -> after(phase == Phase.SYNC ? 1 + random.nextInt(3) : 0);
            case HEALTH_CHECK_HANG -> after(phase == Phase.SYNC ? 2 + random.nextInt(2) : 0);
            case CAS_PUT_BEFORE_WRITE, CAS_RENAME, CAS_PUT_AFTER_WRITE_BEFORE_INDEX, INDEX_COMMIT ->
                throw new IllegalArgumentException(point + " is the other loop's");
        };
    }

    private static String after(int passes) {
        return passes + "*off->" + EXIT;
    }

    /** Whether it is ended by a signal and not by its failpoint. */
    boolean bySignal() {
        return !action.contains(EXIT);
    }

    /** Whether it takes the catalog for a damaged one. */
    boolean losesTheCatalog() {
        return action.contains(DAMAGED_ONCE);
    }

    Map<String, String> environment() {
        List<String> armed = new ArrayList<>();
        point.ifPresent(one -> armed.add(one.id() + "=" + action));
        if (SCANNING.contains(phase) && point.filter(DURING_READS::contains).isPresent()) {
            // So few files are scanned before anybody has read one.
            armed.add(SYNC_CHECKPOINT.id() + "=1*sleep(" + HOLD_MILLIS + ")");
        }
        return armed.isEmpty() ? Map.of() : Map.of("FAILPOINTS", String.join(";", armed));
    }

    /** For the table at the end. */
    String name() {
        return phase + " " + point.map(Failpoint::id).orElse("kill -9");
    }
}
