package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ByteRange;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.DirectFiles;
import dev.musicfs.origin.Origin;
import dev.musicfs.origin.OriginEntry;
import dev.musicfs.origin.OriginWatch;
import dev.musicfs.runtime.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Any origin with a fault that can be switched while it is used. {@code start} and {@code stop}, the watch and direct
 * files are those of the origin behind it. Safe for many threads.
 */
public final class FaultyOrigin implements Origin {
    private static final long PATIENCE_SECONDS = 30;

    private final Origin behind;
    private final Timers timers;
    private final Map<Method, Integer> calls = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final BlockingQueue<HeldCall> held = new LinkedBlockingQueue<>();
    private volatile Setting setting = Setting.of(new OriginMode.Healthy(), call -> true);

    /** What can be asked of an origin. */
    public enum Method {
        START,
        STOP,
        LIST,
        STAT,
        READ,
        PROBE
    }

    /** One call; a probe is of the root. */
    public record Call(Method method, RealPath path) {}

    /** A call that waits. */
    public record HeldCall(Call call, Promise<Void> gate) {
        /** Lets it go to the origin. */
        public void release() {
            gate.complete();
        }

        /** Has it fail. */
        public void fail(FailureKind kind) {
            gate.fail(new MusicFsException(kind, call + " was made to fail"));
        }
    }

    private record Setting(
            OriginMode mode, Predicate<Call> where, AtomicLong matching, Future<ListingSnapshot> listing) {
        static Setting of(OriginMode mode, Predicate<Call> where) {
            return new Setting(mode, where, new AtomicLong(), Future.failedFuture("none"));
        }
    }

    /** Healthy at first; {@code timers} are for modes that take time. */
    public FaultyOrigin(Origin behind, Timers timers) {
        this.behind = behind;
        this.timers = timers;
    }

    /** Switches for every call from now on; completes when the mode is in force, at once unless it is a stale listing. */
    public Future<Void> mode(OriginMode mode) {
        return mode(mode, call -> true);
    }

    /** The same for some calls; all others find the origin healthy. */
    public Future<Void> mode(OriginMode mode, Predicate<Call> where) {
        if (!(mode instanceof OriginMode.StaleListing)) {
            setting = Setting.of(mode, where);
            return Future.succeededFuture();
        }
        Future<ListingSnapshot> listing = ListingSnapshot.of(behind);
        setting = new Setting(mode, where, new AtomicLong(), listing);
        return listing.mapEmpty();
    }

    /** The calls there were so far, whatever became of them. */
    public int calls(Method method) {
        return calls.getOrDefault(method, 0);
    }

    /** The bytes reads gave so far. */
    public long bytes() {
        return bytes.get();
    }

    /** The calls without an answer yet. */
    public int underWay() {
        return underWay.get();
    }

    /** The longest held call that was not taken yet, null without one. */
    public @Nullable HeldCall pollHeld() {
        return held.poll();
    }

    /** The longest held call that was not taken yet; waits for one. Later modes do not let it go. */
    public HeldCall takeHeld() throws InterruptedException {
        HeldCall call = held.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no call was held within " + PATIENCE_SECONDS + " s");
        }
        return call;
    }

    @Override
    public OriginId id() {
        return behind.id();
    }

    @Override
    public Future<Void> start() {
        calls.merge(Method.START, 1, Integer::sum);
        return behind.start();
    }

    @Override
    public Future<Void> stop() {
        calls.merge(Method.STOP, 1, Integer::sum);
        return behind.stop();
    }

    @Override
    public Future<List<OriginEntry>> list(RealPath directory) {
        Setting now = enter(new Call(Method.LIST, directory));
        return through(now, new Call(Method.LIST, directory), () -> {
            if (now.mode instanceof OriginMode.EmptyListing) {
                return directory.isRoot() ? Future.succeededFuture(List.of()) : absent(directory);
            }
            return now.mode instanceof OriginMode.StaleListing
                    ? now.listing.compose(listing -> listing.list(directory))
                    : behind.list(directory);
        });
    }

    @Override
    public Future<OriginEntry> stat(RealPath path, Deadline deadline) {
        Setting now = enter(new Call(Method.STAT, path));
        return through(now, new Call(Method.STAT, path), () -> {
            if (now.mode instanceof OriginMode.EmptyListing && !path.isRoot()) {
                return absent(path);
            }
            return now.mode instanceof OriginMode.StaleListing && !path.isRoot()
                    ? now.listing.compose(listing -> listing.stat(path))
                    : behind.stat(path, deadline);
        });
    }

    @Override
    public Future<Buffer> read(RealPath path, FileVersion expected, ByteRange range, Deadline deadline) {
        Setting now = enter(new Call(Method.READ, path));
        return through(
                        now,
                        new Call(Method.READ, path),
                        () -> now.mode instanceof OriginMode.EmptyListing
                                ? absent(path)
                                : behind.read(path, expected, range, deadline)
                                        .map(whole -> BadBytes.of(now.mode, whole, range.offset()))
                                        .compose(given -> drip(now.mode, given)))
                .onSuccess(given -> bytes.addAndGet(given.length()));
    }

    @Override
    public Future<Void> probe(Deadline deadline) {
        Call call = new Call(Method.PROBE, RealPath.ROOT);
        return through(enter(call), call, () -> behind.probe(deadline));
    }

    @Override
    public Optional<OriginWatch> watch() {
        return behind.watch();
    }

    @Override
    public Optional<DirectFiles> directFiles() {
        return behind.directFiles();
    }

    private Setting enter(Call call) {
        calls.merge(call.method, 1, Integer::sum);
        Setting now = setting;
        return now.where.test(call) ? now : Setting.of(new OriginMode.Healthy(), any -> true);
    }

    private <T> Future<T> through(Setting now, Call call, Supplier<Future<T>> origin) {
        underWay.incrementAndGet();
        return gate(now, call).compose(open -> origin.get()).onComplete(any -> underWay.decrementAndGet());
    }

    private Future<Void> gate(Setting now, Call call) {
        OriginMode mode = now.mode;
        long number = now.matching.incrementAndGet();
        if (mode instanceof OriginMode.FailEveryNth every) {
            return number % every.n() == 0 ? failed(FailureKind.UNAVAILABLE, call) : Future.succeededFuture();
        } else if (mode instanceof OriginMode.FailAfterN after) {
            return number > after.n() ? failed(FailureKind.UNAVAILABLE, call) : Future.succeededFuture();
        } else if (mode instanceof OriginMode.ReturnError error) {
            return failed(error.kind(), call);
        } else if (mode instanceof OriginMode.AuthRejected) {
            return failed(FailureKind.REJECTED, call);
        } else if (mode instanceof OriginMode.Timeout timeout) {
            return later(timeout.after()).compose(over -> failed(FailureKind.TIMEOUT, call));
        } else if (mode instanceof OriginMode.Held) {
            HeldCall waiting = new HeldCall(call, Promise.promise());
            held.add(waiting);
            return waiting.gate.future();
        }
        return Future.succeededFuture();
    }

    private Future<Buffer> drip(OriginMode mode, Buffer given) {
        if (mode instanceof OriginMode.SlowDrip slow && given.length() > 0) {
            long nanos = given.length() * TimeUnit.SECONDS.toNanos(1) / slow.bytesPerSecond();
            return later(Duration.ofNanos(nanos)).map(given);
        }
        return Future.succeededFuture(given);
    }

    private Future<Void> later(Duration delay) {
        Promise<Void> over = Promise.promise();
        timers.after(delay, over::complete);
        return over.future();
    }

    private static <T> Future<T> failed(FailureKind kind, Call call) {
        return Future.failedFuture(new MusicFsException(kind, call + " was made to fail"));
    }

    private static <T> Future<T> absent(RealPath path) {
        return Future.failedFuture(new MusicFsException(FailureKind.NOT_FOUND, "the listing has no " + path));
    }
}
