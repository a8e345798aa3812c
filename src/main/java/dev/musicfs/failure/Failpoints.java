package dev.musicfs.failure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Named points in the program at which tests make something go wrong, in the grammar of fail-rs 0.5 and one action more:
 * {@code [P%][N*]action[->[P%][N*]action...]}. At each pass the first action that is not used up and whose chance comes
 * true is carried out, and no other; a pass at which none is does nothing.
 *
 * <table>
 * <caption>Actions</caption>
 * <tr><td>{@code off}</td><td>nothing</td></tr>
 * <tr><td>{@code return}, {@code return(KIND)}</td><td>fails with that {@link FailureKind}, by default {@code UNAVAILABLE}</td></tr>
 * <tr><td>{@code panic}, {@code panic(message)}</td><td>throws {@link FailpointPanic}</td></tr>
 * <tr><td>{@code print}, {@code print(message)}</td><td>logs a warning</td></tr>
 * <tr><td>{@code sleep(ms)}</td><td>waits so long, or until the point is disarmed or armed anew</td></tr>
 * <tr><td>{@code pause}</td><td>waits until the point is disarmed or armed anew</td></tr>
 * <tr><td>{@code yield}</td><td>lets other threads run</td></tr>
 * <tr><td>{@code delay(ms)}</td><td>keeps the processor busy so long</td></tr>
 * <tr><td>{@code exit(code)}</td><td>ends the process at once, without any tidying</td></tr>
 * </table>
 *
 * <p>Safe for many threads. Only tests and {@code mount --failpoints} arm any.
 */
public final class Failpoints {
    private static final List<String> NAMES = List.of(
            "cas-put-before-write",
            "cas-put-after-write-before-index",
            "reader-manifest-fetch",
            "delta-sync-after-batch",
            "health-check-hang",
            "db-open-corrupt",
            "fuse-read-before-reply",
            "cas-rename",
            "index-commit",
            "sync-checkpoint",
            "shutdown-phase");

    private static final Random CHANCE = new Random();

    // Null while nothing is armed, so that a pass costs one read; never changed in place.
    private static volatile @Nullable Map<String, Armed> armed;

    /** What a point does at present. */
    private static final class Armed {
        private final List<FailpointAction> actions;
        private final AtomicLong passes = new AtomicLong();
        private final CountDownLatch replaced = new CountDownLatch(1);

        Armed(List<FailpointAction> actions) {
            this.actions = actions;
        }
    }

    /** Some armed points, until it is closed; what was armed anew meanwhile stays. */
    public static final class Scope implements AutoCloseable {
        private final Map<String, Armed> mine;

        private Scope(Map<String, Armed> mine) {
            this.mine = mine;
        }

        /** How often they were passed together, whether or not they did anything then. */
        public long hits() {
            return mine.values().stream().mapToLong(point -> point.passes.get()).sum();
        }

        /** Disarms them. */
        @Override
        public void close() {
            replace(now -> mine.forEach(now::remove));
        }
    }

    private interface Change {
        void on(Map<String, Armed> points);
    }

    private Failpoints() {}

    /** The names of all points there are. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Passes a point; does nothing unless it is armed. It then may block or throw whatever the action says, on the
     * calling thread.
     *
     * @param name one of {@link #names}
     */
    public static void hit(String name) {
        Map<String, Armed> points = armed;
        if (points != null) {
            pass(points, name);
        }
    }

    /**
     * Arms points in place of what they did before. All of them, or none if anything is wrong with one.
     *
     * @param points such as {@code cas-rename=2*off->return(NO_SPACE);index-commit=exit(9)}
     * @throws MusicFsException {@code INVALID} with one sentence that names the point, its actions and the place
     */
    public static Scope arm(String points) {
        Map<String, Armed> parsed = new LinkedHashMap<>();
        for (String point : points.split(";", -1)) {
            if (!point.isBlank()) {
                int equals = point.indexOf('=');
                if (equals < 0) {
                    throw new MusicFsException(
                            FailureKind.INVALID,
                            "failpoint \"" + point.strip() + "\" has no \"=\" at character "
                                    + (point.strip().length() + 1) + "; write NAME=ACTIONS");
                }
                String name = point.substring(0, equals).strip();
                parsed.put(name, parse(name, point.substring(equals + 1)));
            }
        }
        return install(parsed);
    }

    /** Arms one point in place of what it did before; fails as {@link #arm(String)} does. */
    public static Scope arm(String name, String actions) {
        return install(Map.of(name, parse(name, actions)));
    }

    /** Disarms a point and lets go on who waits in it. */
    public static void disarm(String name) {
        replace(now -> now.remove(name));
    }

    /** Disarms every point and lets go on who waits in one. */
    public static void disarmAll() {
        replace(Map::clear);
    }

    /** How often a point was passed since it was armed, whether or not it did anything then; 0 when it is not armed. */
    public static long hits(String name) {
        Map<String, Armed> points = armed;
        Armed point = points == null ? null : points.get(name);
        return point == null ? 0 : point.passes.get();
    }

    /** Makes the chances of {@code P%} come the same way each time, if passes come in the same order. */
    public static void seed(long seed) {
        CHANCE.setSeed(seed);
    }

    private static void pass(Map<String, Armed> points, String name) {
        Armed point = points.get(name);
        if (point == null) {
            return;
        }
        point.passes.incrementAndGet();
        for (FailpointAction action : point.actions) {
            if (action.isDue(CHANCE)) {
                action.run(name, point.replaced);
                return;
            }
        }
    }

    private static Armed parse(String name, String actions) {
        if (!NAMES.contains(name)) {
            throw new MusicFsException(
                    FailureKind.INVALID,
                    "failpoint \"" + name + "\" at character 1 of \"" + name + "=" + actions
                            + "\" does not exist; there are " + String.join(", ", new TreeSet<>(NAMES)));
        }
        return new Armed(FailpointSpec.parse(name, actions));
    }

    private static Scope install(Map<String, Armed> points) {
        replace(now -> now.putAll(points));
        return new Scope(points);
    }

    private static synchronized void replace(Change change) {
        Map<String, Armed> points = armed;
        Map<String, Armed> before = points == null ? Map.of() : points;
        Map<String, Armed> after = new HashMap<>(before);
        change.on(after);
        armed = after.isEmpty() ? null : after;
        List<Armed> gone = new ArrayList<>(before.values());
        gone.removeAll(after.values());
        gone.forEach(point -> point.replaced.countDown());
    }
}
