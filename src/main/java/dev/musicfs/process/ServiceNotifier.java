package dev.musicfs.process;

import dev.musicfs.runtime.Clock;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how we are, by the protocol of sd_notify(3). Without {@code NOTIFY_SOCKET} all is silent and
 * costs nothing. What cannot be told is logged once and never thrown; no call waits for the reader. For any thread.
 */
public final class ServiceNotifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);
    private static final int LONGEST_STATUS = 500;

    private final String socket;
    private final Clock clock;
    private @Nullable NotificationSender sender;
    private boolean failed;
    private boolean closed;

    private ServiceNotifier(String socket, Clock clock) {
        this.socket = socket;
        this.clock = clock;
    }

    /** Sends to the socket this environment names. Touches nothing before the first message. */
    public static ServiceNotifier of(Map<String, String> environment, Clock clock) {
        return new ServiceNotifier(environment.getOrDefault("NOTIFY_SOCKET", ""), clock);
    }

    /** The mount serves. Names our process too, for a launcher that did not become it. */
    public void ready(String status) {
        tell("READY=1\nMAINPID=" + ProcessHandle.current().pid() + "\n" + statusLine(status));
    }

    /** What {@code systemctl status} shows: one line for people. */
    void status(String status) {
        tell(statusLine(status));
    }

    /** The configuration is read anew; {@link #ready} has to follow, whatever the outcome. */
    public void reloading() {
        // Java's monotonic clock is Linux's CLOCK_MONOTONIC, by which the manager tells an old READY from a new one.
        tell("RELOADING=1\nMONOTONIC_USEC=" + clock.monotonicNanos() / 1_000);
    }

    /** The end has begun. */
    public void stopping(String status) {
        tell("STOPPING=1\n" + statusLine(status));
    }

    /** All is well; see {@link Watchdog}. */
    public void watchdog() {
        tell("WATCHDOG=1");
    }

    private static String statusLine(String status) {
        // A line break would begin a field of its own.
        String line = status.replaceAll("\\p{Cntrl}+", " ");
        return "STATUS=" + line.substring(0, Math.min(line.length(), LONGEST_STATUS));
    }

    private synchronized void tell(String message) {
        if (socket.isEmpty() || closed) {
            return;
        }
        try {
            NotificationSender to = sender;
            if (to == null) {
                to = open(socket);
                sender = to;
            }
            to.send(message);
        } catch (IOException | RuntimeException | LinkageError e) { // the library's native part may be missing
            if (!failed) {
                failed = true;
                LOG.warn("The service manager at {} cannot be told how the daemon is: {}", socket, e.toString());
            }
        }
    }

    private static NotificationSender open(String socket) throws IOException {
        if (!socket.startsWith("/") && !socket.startsWith("@")) {
            throw new IOException("only sockets in the filesystem and abstract ones can be reached");
        }
        return NotifySocket.open(socket);
    }

    /** Later messages are dropped. */
    @Override
    public synchronized void close() {
        closed = true;
        NotificationSender open = sender;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            LOG.debug("The socket to the service manager was not closed.", e);
        }
    }
}
