package dev.musicfs.testkit;

import dev.musicfs.control.api.LibraryStatus;
import dev.musicfs.control.api.OriginControl;
import dev.musicfs.control.api.OriginStatus;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Two origins, of which one is down until it is probed. */
public final class TestingOriginControl implements OriginControl {
    /** A healthy one. */
    public static final OriginStatus NAS = new OriginStatus(
            "nas",
            "nfs",
            1,
            "up",
            7200,
            "closed",
            3.25,
            1,
            2,
            1000,
            3,
            5L << 30,
            Optional.empty(),
            LibraryStatus.IN_STEP);

    /** A dead one. */
    public static final OriginStatus CLOUD = new OriginStatus(
            "cloud",
            "s3",
            2,
            "down",
            90,
            "open",
            -1,
            0,
            0,
            7,
            7,
            0,
            Optional.of("connection refused"),
            new LibraryStatus(
                    7,
                    List.of(new LibraryStatus.Unknown("lost+found", "EACCES")),
                    3,
                    1234,
                    Optional.of("1,234 of 9,000 known files are gone, more than 5 %; they are kept"),
                    List.of(
                            new LibraryStatus.PassedOver("being no music", 40),
                            new LibraryStatus.PassedOver("@eaDir", 3))));

    /** What was asked. */
    public final Queue<String> calls = new ConcurrentLinkedQueue<>();

    /** What a probe finds. */
    public volatile List<OriginStatus> probed = List.of(NAS, CLOUD);

    @Override
    public Future<List<OriginStatus>> origins() {
        calls.add("origins");
        return Future.succeededFuture(List.of(NAS, CLOUD));
    }

    @Override
    public Future<List<OriginStatus>> probe() {
        calls.add("probe");
        return Future.succeededFuture(probed);
    }

    @Override
    public Future<Void> rescan(String id) {
        calls.add("rescan " + id);
        return id.equals("nas")
                ? Future.succeededFuture()
                : Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "there is no origin " + id));
    }

    @Override
    public Future<Long> confirmRemovals(String id) {
        calls.add("confirm " + id);
        return id.equals("nas")
                ? Future.succeededFuture(0L)
                : id.equals("cloud")
                        ? Future.succeededFuture(1234L)
                        : Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "there is no origin " + id));
    }

    @Override
    public String state() {
        return "degraded";
    }
}
