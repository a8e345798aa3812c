package dev.musicfs.failure;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes something go wrong at a {@link Failpoint}, for tests. Disarmed, passing one costs the read of a field and a
 * branch. The released program arms none unless {@code mount --failpoints} says so.
 */
public final class Failpoints {
    /** Never changed once it is here; null while nothing is armed, which is what {@link #hit} costs then. */
    private static volatile @Nullable Map<Failpoint, ArmedFailpoint> armed;

    private Failpoints() {}

    /**
     * Passes a point. When it is armed, {@code return} throws {@link MusicFsException} of the kind in
     * its parentheses ({@code UNAVAILABLE} without), {@code panic} throws {@link FailpointPanic}, {@code sleep},
     * {@code delay} and {@code pause} keep the thread, {@code exit} ends the process at once.
     */
    public static void hit(Failpoint point) {
        Map<Failpoint, ArmedFailpoint> now = armed;
        if (now != null) {
            ArmedFailpoint here = now.get(point);
            if (here != null) {
                here.pass();
            }
        }
    }

    /** Whether passing the point may do anything: for those who must not do it on their own thread. */
    public static boolean isArmed(Failpoint point) {
        Map<Failpoint, ArmedFailpoint> now = armed;
        return now != null && now.containsKey(point);
    }

    /**
     * Arms points from {@code name=chain;name=chain}, the form of the environment variable {@code FAILPOINTS}. Arms all,
     * or fails with {@code INVALID} and arms none.
     */
    public static void arm(String all) {
        Map<Failpoint, ArmedFailpoint> more = new EnumMap<>(Failpoint.class);
        for (String each : all.split(";", -1)) {
            if (each.isBlank()) {
                continue;
            }
            String[] parts = each.strip().split("=", 2);
            Failpoint point = Failpoint.ofId(parts[0].strip())
                    .orElseThrow(() -> new MusicFsException(
                            FailureKind.INVALID, "There is no failpoint \"" + parts[0].strip() + "\"."));
            if (parts.length < 2) {
                throw new MusicFsException(
                        FailureKind.INVALID,
                        "The failpoint " + point.id() + " needs an action after its name and \"=\".");
            }
            more.put(point, armedBy(point, parts[1].strip(), ThreadLocalRandom.current()::nextDouble));
        }
        change(more, null);
    }

    /** Arms one point until the scope is closed; what armed it before is gone. */
    public static Scope arm(Failpoint point, String chain) {
        return arm(point, chain, ThreadLocalRandom.current()::nextDouble);
    }

    /** The same with chance given in: numbers from 0 inclusive to 1 exclusive. */
    public static Scope arm(Failpoint point, String chain, DoubleSupplier chance) {
        ArmedFailpoint here = armedBy(point, chain, chance);
        change(Map.of(point, here), null);
        return new Scope(point, here);
    }

    /** Disarms a point and releases the threads that are paused there. */
    public static void disarm(Failpoint point) {
        change(Map.of(), point);
    }

    /** Disarms all. */
    public static void disarmAll() {
        for (Failpoint point : Failpoint.values()) {
            disarm(point);
        }
    }

    private static ArmedFailpoint armedBy(Failpoint point, String chain, DoubleSupplier chance) {
        return new ArmedFailpoint(point, FailpointParser.parse(point, chain), chance);
    }

    private static synchronized void change(Map<Failpoint, ArmedFailpoint> add, @Nullable Failpoint remove) {
        Map<Failpoint, ArmedFailpoint> before = armed;
        Map<Failpoint, ArmedFailpoint> next = new EnumMap<>(Failpoint.class);
        if (before != null) {
            next.putAll(before);
        }
        add.forEach((point, here) -> letGo(next.put(point, here)));
        if (remove != null) {
            letGo(next.remove(remove));
        }
        armed = next.isEmpty() ? null : next;
    }

    private static void letGo(@Nullable ArmedFailpoint before) {
        if (before != null) {
            before.letGo();
        }
    }

    /** An armed point; closing disarms it. */
    public static final class Scope implements AutoCloseable {
        private final Failpoint point;
        private final ArmedFailpoint here;

        private Scope(Failpoint point, ArmedFailpoint here) {
            this.point = point;
            this.here = here;
        }

        /** How often it was passed since it was armed. */
        public long passes() {
            return here.passes();
        }

        /** How many threads are paused there now. */
        public int paused() {
            return here.paused();
        }

        @Override
        public void close() {
            disarm(point);
        }
    }
}
