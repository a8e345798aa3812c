package dev.musicfs.failure;

import dev.musicfs.failure.FailpointAction.Verb;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A point with its chain: the first action that chance lets by and that is not used up is the one taken. */
@Attended(threads = "of tests, waited for")
final class ArmedFailpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ArmedFailpoint.class);

    private final Failpoint point;
    private final List<FailpointAction> chain;
    private final AtomicIntegerArray left;
    private final DoubleSupplier chance;
    private final AtomicLong passes = new AtomicLong();
    private final AtomicInteger paused = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);

    ArmedFailpoint(Failpoint point, List<FailpointAction> chain, DoubleSupplier chance) {
        this.point = point;
        this.chain = chain;
        this.left = new AtomicIntegerArray(
                chain.stream().mapToInt(FailpointAction::count).toArray());
        this.chance = chance;
    }

    void pass() {
        passes.incrementAndGet();
        FailpointAction action = choose();
        if (action != null) {
            take(action);
        }
    }

    long passes() {
        return passes.get();
    }

    int paused() {
        return paused.get();
    }

    void letGo() {
        released.countDown();
    }

    private @Nullable FailpointAction choose() {
        for (int i = 0; i < chain.size(); i++) {
            FailpointAction action = chain.get(i);
            if (action.percent() < 100 && chance.getAsDouble() * 100 >= action.percent()) {
                continue;
            }
            if (action.count() == FailpointAction.UNLIMITED || left.getAndUpdate(i, n -> Math.max(0, n - 1)) > 0) {
                return action;
            }
        }
        return null;
    }

    @SuppressWarnings("ThreadPriorityCheck") // The action is called yield.
    private void take(FailpointAction action) {
        Verb verb = action.verb();
        switch (verb) {
            case OFF -> {}
            case RETURN ->
                throw new MusicFsException(
                        FailpointParser.kind(action.argument()).orElse(FailureKind.UNAVAILABLE),
                        "failpoint " + point.id());
            case PANIC -> throw new FailpointPanic("failpoint " + point.id() + " " + action.argument());
            case PRINT -> LOG.info("failpoint {} {}", point.id(), action.argument());
            case SLEEP -> await(Long.parseLong(action.argument()));
            case PAUSE -> pause();
            case YIELD -> Thread.yield();
            case DELAY -> spin(Long.parseLong(action.argument()));
            case EXIT -> Runtime.getRuntime().halt(Integer.parseInt(action.argument()));
        }
    }

    /** Waits for longer than any test takes; afterwards the point is no longer armed. */
    private void pause() {
        paused.incrementAndGet();
        try {
            await(TimeUnit.HOURS.toMillis(1));
        } finally {
            paused.decrementAndGet();
        }
    }

    @Waits("whichever thread passes an armed failpoint: tests want it held there")
    private void await(long millis) {
        try {
            released.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps a core busy, as fail-rs does; the latch's timed wait is the clock of a room that has no other. */
    private void spin(long millis) {
        CountDownLatch over = new CountDownLatch(1);
        Thread timer = new Thread(
                () -> {
                    await(millis);
                    over.countDown();
                },
                "musicfs-failpoint-delay");
        timer.setDaemon(true);
        timer.start();
        while (over.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
