package dev.musicfs.testkit;

import dev.musicfs.control.api.CacheControl;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.PinResult;
import dev.musicfs.control.api.Pins;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.VerifyResult;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;

/** A cache whose answers a test holds back or sets; notes what it was asked. */
public final class TestingCacheControl implements CacheControl {
    /** Counters with a number of its own each. */
    public static final CacheStats STATS = new CacheStats(
            "EVICTING",
            12_345,
            9_985_798_963L,
            10L << 30,
            125_829_120,
            1_288_490_188,
            100,
            101,
            102,
            103,
            104,
            105,
            Optional.of(0.982),
            Optional.of(3_221_225_472L));

    /** A verification that runs, until the test completes its promise. */
    public record Verification(
            boolean repair, BooleanSupplier cancelled, Progress progress, Promise<VerifyResult> result) {}

    /** What was started, in order. */
    public final BlockingQueue<Verification> verifications = new LinkedBlockingQueue<>();

    /** Calls other than those, such as {@code pin A/B}. */
    public final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    /** What to answer for counters. */
    public volatile Future<CacheStats> stats = Future.succeededFuture(STATS);

    /** What to answer a verification at once, instead of holding it; null: hold it. */
    public volatile Future<VerifyResult> verified;

    /** Whether absolute paths are refused as not in the mount. */
    public volatile boolean absoluteIsOutside;

    @Override
    public Future<CacheStats> stats() {
        return stats;
    }

    @Override
    public Future<VerifyResult> verify(boolean repair, BooleanSupplier cancelled, Progress progress) {
        Verification verification = new Verification(repair, cancelled, progress, Promise.promise());
        verifications.add(verification);
        return verified != null ? verified : verification.result().future();
    }

    @Override
    public Future<ClearResult> clear(boolean alsoPinned) {
        calls.add("clear " + alsoPinned);
        return Future.succeededFuture(new ClearResult(7, 7 << 20));
    }

    @Override
    public Future<PinResult> pin(String path) {
        calls.add("pin " + path);
        if (absoluteIsOutside && path.startsWith("/")) {
            return Future.failedFuture(new MusicFsException(FailureKind.INVALID, path + " is not in the mount"));
        }
        return Future.succeededFuture(new PinResult(path, 12));
    }

    @Override
    public Future<PinResult> unpin(String path) {
        calls.add("unpin " + path);
        return Future.succeededFuture(new PinResult(path, 12));
    }

    @Override
    public Future<Pins> pins() {
        return Future.succeededFuture(new Pins(3, List.of("A/B/1.flac", "A/B/2.flac")));
    }
}
