package dev.musicfs.origin.sftp;

import dev.musicfs.failure.Attended;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.BlockingCalls;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.PooledBuffer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Music on an SSH server. Each call takes one of the origin's worker threads, for no longer than its deadline; calls
 * beyond their number queue. The client is made by the first call, not by {@link #start}: a server that is away at the
 * start is no reason not to start.
 */
@Attended(timers = "Vert.x goes on with it whatever one turn throws, and each logs its failure")
final class SftpOrigin implements Origin {
    private static final Logger LOG = LoggerFactory.getLogger(SftpOrigin.class);
    private static final Duration TIDY_EVERY = Duration.ofSeconds(15);

    private final SftpTarget target;
    private final BackendContext context;
    private final BlockingCalls calls;
    private final Object making = new Object();
    private final Object lock = new Object();
    private @Nullable Client client;
    private boolean stopped;
    private long timer = -1;

    private record Client(SshConnector connector, Connections connections, RemoteFiles files) {}

    SftpOrigin(SftpTarget target, BackendContext context) {
        this.target = target;
        this.context = context;
        this.calls = new BlockingCalls(target.id(), context.workers());
    }

    @Override
    public OriginId id() {
        return target.id();
    }

    @Override
    public Future<Void> start() {
        synchronized (lock) {
            if (timer < 0 && !stopped) {
                timer = context.vertx().setPeriodic(TIDY_EVERY.toMillis(), tick -> tidy().onFailure(
                                e -> LOG.debug("Connections of origin {} were not tidied", target.id(), e)));
            }
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> stop() {
        Client ending;
        synchronized (lock) {
            stopped = true;
            ending = client;
            client = null;
            context.vertx().cancelTimer(timer);
        }
        if (ending == null) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        ending.connections().stop();
        ending.connector().stop(done::tryComplete);
        return done.future();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        return onWorker(files -> files.listBlocking(directory, target.timeout()));
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        return onWorker(files -> files.statBlocking(path, bounded(deadline)));
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        return onWorker(files -> Buffer.buffer(files.readBlocking(path, expected, range, bounded(deadline))));
    }

    @Override
    public Future<Integer> readInto(
            RealPath path, FileVersion expected, ByteRange range, Deadline deadline, PooledBuffer into) {
        return onWorker(files -> files.readBlocking(path, expected, range, bounded(deadline), into.bytes()));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        return this.<@Nullable Void>onWorker(files -> {
                    files.probeBlocking(bounded(deadline));
                    return null;
                })
                .mapEmpty();
    }

    @Override
    public Optional<OriginWatch> watch() {
        return Optional.empty();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return Optional.empty();
    }

    /** What there is at present; for tests. */
    Connections.Gauges gauges() {
        Client now = present();
        return now == null
                ? new Connections.Gauges(0, 0, 0, 0)
                : now.connections().gauges();
    }

    /** The open connections; for tests. */
    List<Connection> connections() {
        Client now = present();
        return now == null ? List.of() : now.connections().open();
    }

    /** Closes what has been unused for long. */
    Future<Void> tidy() {
        Client now = present();
        return now == null
                ? Future.succeededFuture()
                : onWorkerThread(() -> {
                            now.connections().tidyBlocking();
                            return true;
                        })
                        .mapEmpty();
    }

    private Deadline bounded(Deadline deadline) {
        return deadline.remaining().compareTo(target.timeout()) < 0 ? deadline : Deadline.in(target.timeout());
    }

    private <T extends @Nullable Object> Future<T> onWorker(Function<RemoteFiles, T> work) {
        return onWorkerThread(() -> work.apply(client().files()));
    }

    private <T extends @Nullable Object> Future<T> onWorkerThread(Callable<T> work) {
        synchronized (lock) {
            if (stopped) {
                return Future.failedFuture(calls.stopped());
            }
        }
        return calls.run(work);
    }

    private @Nullable Client present() {
        synchronized (lock) {
            return client;
        }
    }

    private Client client() {
        synchronized (making) {
            Client made = present();
            if (made != null) {
                return made;
            }
            SshConnector connector = new SshConnector(target, context.names(), context.clock());
            Connections connections = new Connections(connector, target.concurrency(), context.clock());
            Client fresh = new Client(
                    connector, connections, new RemoteFiles(target.id(), target.url(), connections, target.limits()));
            synchronized (lock) {
                if (!stopped) {
                    client = fresh;
                    return fresh;
                }
            }
            connector.stop(() -> {});
            throw calls.stopped();
        }
    }
}
