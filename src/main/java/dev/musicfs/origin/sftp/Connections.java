package dev.musicfs.origin.sftp;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one origin, opened when they are needed and replaced when they are lost. For worker threads.
 *
 * <p>There are four at most. The first is for what somebody waits for: listings, looks and small reads, which on the
 * connection of a large transfer would queue behind it (64 KiB took 5.8 ms there, 0.9 ms apart). The others are for large
 * reads, one each until there are more reads than connections. Each can have many requests under way, so more
 * connections only help where one TCP stream does not fill the line, and servers refuse strangers who open many at once
 * (OpenSSH from 10). With a server that gives fewer, even a single one, those are shared.
 */
final class Connections {
    /** How long one is kept that nobody uses. */
    static final Duration IDLE = Duration.ofMinutes(2);

    /** How long a file is kept open that nobody reads; an open file keeps a deleted one's space on the server. */
    static final Duration FILE_IDLE = Duration.ofSeconds(30);

    /** After the server refused another connection beside those it has: how long those are shared before it is asked again. */
    static final Duration SHARED = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final int MOST = 4;

    private final Connector connector;
    private final Clock clock;
    private final List<Slot> slots = new ArrayList<>();
    private final Set<Connection> made = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean stopped;

    /** Which connection a call goes to. */
    enum Lane {
        /** Small, and waited for. */
        INTERACTIVE,
        /** Much data. */
        BULK
    }

    /** Opens a connection. */
    @FunctionalInterface
    interface Connector {
        /** Fails with a {@link MusicFsException}. */
        Connection connectBlocking(Deadline deadline);
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Call<T> {
        /** {@link SftpException} is the server's answer; any other I/O error means the connection was lost. */
        T onBlocking(Connection connection) throws IOException, TimeoutException;
    }

    /** How many there are at present; for tests. */
    record Gauges(int connections, int calls, int openFiles, int unanswered) {}

    private static final class Slot {
        private final ReentrantLock opening = new ReentrantLock();
        private volatile @Nullable Connection current;
        private volatile long refusedNanos;
        private volatile boolean refused;
        private int load;
    }

    private record Lease(Connection connection, boolean pooled) {}

    Connections(Connector connector, int concurrency, Clock clock) {
        this.connector = connector;
        this.clock = clock;
        for (int i = 0; i < Math.min(MOST, concurrency); i++) {
            slots.add(new Slot());
        }
    }

    /**
     * Does it on one of the connections. When a connection that had been kept turns out to be dead, it is done once
     * more on another. The deadline gives the connection up as well, since an answer to what was sent may still come.
     */
    <T> T callBlocking(Lane lane, Deadline deadline, Call<T> call) throws SftpException {
        Slot slot = choose(lane);
        calls.incrementAndGet();
        try {
            boolean again = true;
            while (true) {
                Lease lease = leaseBlocking(slot, deadline);
                Connection connection = lease.connection();
                try {
                    return call.onBlocking(connection);
                } catch (SftpException e) {
                    throw e;
                } catch (TimeoutException e) {
                    connection.retire();
                    throw new MusicFsException(FailureKind.TIMEOUT, "the server did not answer in time", e);
                } catch (IOException e) {
                    connection.retire();
                    if (!lease.pooled()
                            || !again
                            || stopped
                            || Thread.currentThread().isInterrupted()) {
                        throw new MusicFsException(FailureKind.UNAVAILABLE, String.valueOf(e.getMessage()), e);
                    }
                    again = false;
                } finally {
                    connection.release();
                }
            }
        } finally {
            calls.decrementAndGet();
            synchronized (slots) {
                slot.load--;
            }
        }
    }

    /** Closes what has not been used for long. */
    void tidyBlocking() {
        long now = clock.monotonicNanos();
        for (Slot slot : slots) {
            Connection connection = slot.current;
            if (connection == null || !connection.acquire()) {
                continue;
            }
            try {
                List<byte[]> idle = connection.files().forgetUnusedSince(now - FILE_IDLE.toNanos());
                connection.closeFilesBlocking(idle, Deadline.in(Duration.ofSeconds(1)));
            } catch (IOException | TimeoutException e) {
                connection.retire();
            } finally {
                connection.releaseUnused();
            }
            connection.retireUnusedSince(now - IDLE.toNanos());
        }
    }

    /** Ends all of them; calls under way fail. */
    void stop() {
        stopped = true;
        made.forEach(Connection::close);
    }

    Gauges gauges() {
        List<Connection> open = open();
        return new Gauges(
                open.size(),
                calls.get(),
                open.stream().mapToInt(connection -> connection.files().count()).sum(),
                open.stream()
                        .mapToInt(connection -> connection.channel().unanswered())
                        .sum());
    }

    /** Those that are open, retired ones that still have calls among them; for tests. */
    List<Connection> open() {
        return made.stream().filter(connection -> connection.session().isOpen()).toList();
    }

    private Slot choose(Lane lane) {
        synchronized (slots) {
            Slot chosen = lane == Lane.INTERACTIVE || slots.size() == 1
                    ? slots.get(0)
                    : slots.subList(1, slots.size()).stream()
                            .min(Comparator.comparingInt(slot -> slot.load))
                            .orElseThrow();
            chosen.load++;
            return chosen;
        }
    }

    private boolean isAnyOpen() {
        return slots.stream()
                .anyMatch(slot -> slot.current != null && slot.current.session().isOpen());
    }

    /** One of the connections of other slots; null when there is none. */
    private @Nullable Lease shared(Slot slot) {
        for (Slot other : slots) {
            Connection connection = other.current;
            if (other != slot && connection != null && connection.acquire()) {
                return new Lease(connection, true);
            }
        }
        return null;
    }

    private void refused(Slot slot, MusicFsException e) {
        slot.refusedNanos = clock.monotonicNanos();
        if (!slot.refused) {
            slot.refused = true;
            LOG.info("The server gives no further connection, those that are open are shared: {}", e.getMessage());
        }
    }

    private Lease leaseBlocking(Slot slot, Deadline deadline) {
        Connection pooled = slot.current;
        if (pooled != null && pooled.acquire()) {
            return new Lease(pooled, true);
        }
        try {
            if (!slot.opening.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new MusicFsException(FailureKind.TIMEOUT, "no connection was made in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MusicFsException(FailureKind.UNAVAILABLE, "interrupted while waiting for a connection", e);
        }
        try {
            Connection other = slot.current;
            if (other != null && other.acquire()) {
                return new Lease(other, true);
            }
            Lease shared =
                    slot.refused && clock.monotonicNanos() - slot.refusedNanos < SHARED.toNanos() ? shared(slot) : null;
            if (shared != null) {
                return shared;
            }
            Connection fresh;
            try {
                fresh = connector.connectBlocking(
                        isAnyOpen() ? deadline.atMost(deadline.remaining().dividedBy(2)) : deadline);
            } catch (MusicFsException e) {
                shared = shared(slot);
                if (shared == null) {
                    throw e;
                }
                refused(slot, e);
                return shared;
            }
            slot.refused = false;
            made.add(fresh);
            fresh.session().addCloseFutureListener(closed -> made.remove(fresh));
            slot.current = fresh;
            if (!fresh.acquire() || stopped) {
                fresh.close();
                throw new MusicFsException(FailureKind.UNAVAILABLE, "the connection was lost");
            }
            return new Lease(fresh, false);
        } finally {
            slot.opening.unlock();
        }
    }
}
