package dev.musicfs.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.DaemonProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The crashes of a round, one after another, until a daemon recovers from them. */
final class Crash implements AutoCloseable {
    private static final long LONGEST_SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final int MOST_CHANGES = 40;
    private static final int MOST_UNSEEN = 16;

    private final Site site;
    private final ChangingLibrary library;
    private final Judge judge;
    private final Pace pace;
    private final String where;
    private final List<DaemonProcess> dead = new ArrayList<>();
    private final List<Walker> walkers = new ArrayList<>();

    /** How long things take when nothing disturbs them. */
    record Pace(long startNanos, long scanNanos, long stopNanos) {}

    Crash(Site site, ChangingLibrary library, Judge judge, Pace pace, String where) {
        this.site = site;
        this.library = library;
        this.judge = judge;
        this.pace = pace;
        this.where = where;
    }

    /** Lets a daemon crash; false when it was not at what it should have been at. */
    boolean happens(CrashPlan plan, boolean afterAnother, Random random) throws Exception {
        if (plan.phase() == CrashPlan.Phase.SCAN && !afterAnother) {
            clear(site.cache());
            judge.forgetEverything();
        }
        if (plan.phase() == CrashPlan.Phase.RESCAN) {
            for (int change = 4 + random.nextInt(MOST_UNSEEN); change > 0; change--) {
                change(random);
            }
        }
        List<Path> damagedBefore = judge.damaged();
        DaemonProcess daemon = site.start(plan.environment());
        dead.add(daemon);
        Walker walker = new Walker(site.mount());
        walkers.add(walker);
        boolean hit =
                switch (plan.phase()) {
                    case START -> atStart(daemon, plan);
                    case SCAN, RESCAN -> inScan(daemon, plan);
                    case SYNC -> inSync(daemon, plan, random);
                    case SHUTDOWN -> atTheEnd(daemon, plan, random);
                };
        if (!daemon.isKilled()) {
            daemon.signal("KILL");
        }
        daemon.await(daemon::isKilled, where);
        walker.stop();
        if (!judge.damaged().equals(damagedBefore)) {
            judge.forgetTheCatalog();
        }
        judge.noteInodes(walker.seen(), where + ", before the crash");
        Judge.isQuiet(daemon, where);
        return hit;
    }

    private boolean atStart(DaemonProcess daemon, CrashPlan plan) throws Exception {
        String serving = "musicfs: serving ";
        if (!plan.bySignal()) {
            daemon.await(() -> daemon.isKilled() || daemon.output().contains(serving), where);
            return daemon.isKilled();
        }
        pause(plan.share(), pace.startNanos());
        boolean alive = !daemon.isKilled();
        kill(daemon);
        return alive && !daemon.output().contains(serving);
    }

    private boolean inScan(DaemonProcess daemon, CrashPlan plan) throws Exception {
        String scanned = "musicfs: scanned ";
        daemon.await(() -> daemon.isKilled() || daemon.output().contains("musicfs: serving "), where);
        if (plan.bySignal()) {
            pause(plan.share(), pace.scanNanos());
            kill(daemon);
        } else {
            daemon.await(() -> daemon.isKilled() || daemon.output().contains(scanned), where);
        }
        return daemon.isKilled() && !daemon.output().contains(scanned);
    }

    private boolean inSync(DaemonProcess daemon, CrashPlan plan, Random random) throws Exception {
        if (!awaitWatching(daemon)) {
            return false;
        }
        long end = System.nanoTime() + (long) (plan.share() * LONGEST_SYNC_NANOS);
        for (int changes = 0; changes < MOST_CHANGES && !daemon.isKilled(); changes++) {
            change(random);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10 + random.nextInt(150)));
            if (plan.bySignal() && System.nanoTime() > end) {
                kill(daemon);
                return true;
            }
        }
        return daemon.isKilled();
    }

    private boolean atTheEnd(DaemonProcess daemon, CrashPlan plan, Random random) throws Exception {
        if (!awaitWatching(daemon)) {
            return false;
        }
        for (int change = random.nextInt(4); change > 0; change--) {
            change(random);
        }
        daemon.signal("TERM");
        if (plan.bySignal()) {
            pause(plan.share(), pace.stopNanos());
            if (!daemon.isKilled()) {
                kill(daemon);
            }
        }
        daemon.await(daemon::isKilled, where);
        // One that waits for itself has not ended in order.
        return daemon.isAlive() || daemon.awaitExit() == CrashPlan.KILLED;
    }

    private boolean awaitWatching(DaemonProcess daemon) {
        daemon.await(() -> daemon.isKilled() || daemon.output().contains("musicfs: watching "), where);
        return !daemon.isKilled();
    }

    void change(Random random) throws IOException {
        library.change(random);
        judge.noteTracks();
    }

    private static void kill(DaemonProcess daemon) throws Exception {
        daemon.signal("KILL");
        daemon.await(daemon::isKilled, "the end of a killed process");
    }

    private static void pause(double share, long nanos) {
        long until = System.nanoTime() + (long) (share * nanos);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** To be called when the next daemon serves: then all before it are gone, and nobody hangs. */
    void isOver() throws InterruptedException {
        for (DaemonProcess daemon : dead) {
            assertThat(daemon.awaitExit()).as("%s: %s", where, daemon.output()).isIn(0, CrashPlan.KILLED);
        }
        walkers.forEach(Walker::close);
    }

    @Override
    public void close() {
        dead.forEach(DaemonProcess::close);
        walkers.forEach(Walker::close);
    }
}
