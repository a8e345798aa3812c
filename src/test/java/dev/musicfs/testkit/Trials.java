package dev.musicfs.testkit;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Tries a property on values drawn at random. Every try has a seed of its own. The one that fails is in the message of the
 * failure, and {@code -Dmusicfs.trials.seed=SEED} repeats that try and no other.
 */
public final class Trials {
    private static final String SEED = "musicfs.trials.seed";

    /** What holds whatever is drawn. */
    @FunctionalInterface
    public interface Property {
        /** Fails in any way when the property does not hold. */
        void holds(Draw draw) throws Exception;
    }

    private Trials() {}

    /** Tries the property so many times with values that nobody has chosen. */
    public static void check(int tries, Property property) {
        check(tries, Long.getLong(SEED), new Random(), property);
    }

    static void check(int tries, @Nullable Long seed, Random seeds, Property property) {
        if (seed != null) {
            check("repeated", seed, property);
            return;
        }
        for (int i = 1; i <= tries; i++) {
            check("try " + i + " of " + tries, seeds.nextLong(), property);
        }
    }

    private static void check(String which, long seed, Property property) {
        Draw draw = new Draw(seed);
        try {
            property.holds(draw);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    which + " fails with " + draw + ", and again with -D" + SEED + "=" + seed + ": " + e, e);
        }
    }
}
