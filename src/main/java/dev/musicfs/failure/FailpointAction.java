package dev.musicfs.failure;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** One action of a failpoint, with how likely it is and how often it can still be carried out. */
final class FailpointAction {
    /** What is done at the point; {@code replaced} is counted down when the point is disarmed or armed anew. */
    interface Task {
        void run(String point, CountDownLatch replaced);
    }

    private static final double ALWAYS = 1;

    private final double chance;
    private final AtomicLong left;
    private final Task task;

    /**
     * @param chance 0 to 1
     * @param times how often at most, {@code Long.MAX_VALUE} for always
     */
    FailpointAction(double chance, long times, Task task) {
        this.chance = chance;
        this.left = new AtomicLong(times);
        this.task = task;
    }

    /** Whether it is to be carried out now; counts as one time if so. A chance that does not come true costs no time. */
    boolean isDue(Random random) {
        return left.get() > 0
                && (chance >= ALWAYS || random.nextDouble() < chance)
                && left.getAndUpdate(n -> n == Long.MAX_VALUE ? n : Math.max(0, n - 1)) > 0;
    }

    void run(String point, CountDownLatch replaced) {
        task.run(point, replaced);
    }
}
