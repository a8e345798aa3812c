package dev.musicfs.testkit;

import dev.musicfs.failure.FailureKind;
import java.time.Duration;

/** How a {@link FaultyOrigin} behaves. Calls are counted from the moment the mode is set. */
public sealed interface OriginMode {
    /** As the origin behind it. */
    record Healthy() implements OriginMode {}

    /** Calls number n, 2n, 3n ... fail with {@code UNAVAILABLE}. */
    record FailEveryNth(int n) implements OriginMode {}

    /** The first n calls pass, all others fail with {@code UNAVAILABLE}. */
    record FailAfterN(int n) implements OriginMode {}

    /** Nothing is asked of the origin; each call fails with {@code TIMEOUT} when its time is over. */
    record Timeout(Duration after) implements OriginMode {}

    /** Every call fails so. */
    record ReturnError(FailureKind kind) implements OriginMode {}

    /** Every call fails with {@code REJECTED}. */
    record AuthRejected() implements OriginMode {}

    /** A read gives at most so many bytes, the first of what was asked for. */
    record PartialRead(int maxBytes) implements OriginMode {}

    /** The first byte of each read, and each whose offset in the file is a multiple of 64, has its lowest bit flipped. */
    record WrongBytes() implements OriginMode {}

    /** A read gives so many bytes more (zeros at the end) or, when negative, less than it should, never less than none. */
    record WrongLength(int byBytes) implements OriginMode {}

    /** What a read gives comes when it would have come through at this rate. */
    record SlowDrip(long bytesPerSecond) implements OriginMode {}

    /** As the directory below a mount that is gone: the root is there and empty, all else {@code NOT_FOUND}. */
    record EmptyListing() implements OriginMode {}

    /** {@code list} and {@code stat} answer as they would have when the mode was set; reads see the present. */
    record StaleListing() implements OriginMode {}

    /** Each call waits until the test lets it go: {@link FaultyOrigin#takeHeld}. */
    record Held() implements OriginMode {}
}
