package dev.musicfs.testkit;

import dev.musicfs.control.api.DaemonControl;
import dev.musicfs.control.api.DaemonStatus;
import dev.musicfs.control.api.DaemonStatus.OriginState;
import dev.musicfs.control.api.DaemonStatus.TaskStatus;
import dev.musicfs.control.api.Ending;
import dev.musicfs.control.api.LibraryStatus;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A daemon that ends when it is told, if the test says how. */
public final class TestingDaemonControl implements DaemonControl {
    /** Not all is well with it. */
    public static final DaemonStatus DEGRADED = new DaemonStatus(
            4711,
            "/mnt/music",
            "1.2.3",
            "degraded",
            7200,
            List.of(
                    new TaskStatus("scan", "running", 0, Optional.empty(), true),
                    new TaskStatus("watch", "waiting", 3, Optional.of("no inotify watches are left"), false)),
            List.of(
                    new OriginState("nas", "up", Optional.empty(), LibraryStatus.IN_STEP),
                    new OriginState(
                            "cloud",
                            "down",
                            Optional.of("no answer"),
                            new LibraryStatus(
                                    1,
                                    List.of(new LibraryStatus.Unknown("lost+found", "EACCES")),
                                    2,
                                    0,
                                    Optional.empty(),
                                    List.of()))),
            "healthy",
            "healthy",
            1234);

    /** All is well with it. */
    public static final DaemonStatus READY = new DaemonStatus(
            4711,
            "/mnt/music",
            "1.2.3",
            "ready",
            59,
            List.of(),
            List.of(new OriginState("nas", "up", Optional.empty(), LibraryStatus.IN_STEP)),
            "healthy",
            "healthy",
            0);

    /** What was asked. */
    public final Queue<String> calls = new ConcurrentLinkedQueue<>();

    /** How it is. */
    public volatile DaemonStatus status = DEGRADED;

    /** What ends with it. */
    public volatile Runnable end = () -> {};

    @Override
    public Future<DaemonStatus> status() {
        calls.add("status");
        return Future.succeededFuture(status);
    }

    @Override
    public Future<Void> shutdown(Ending ending) {
        calls.add("shutdown " + ending.drain().toSeconds() + (ending.leavesMount() ? " leaves" : ""));
        end.run();
        return Future.succeededFuture();
    }
}
