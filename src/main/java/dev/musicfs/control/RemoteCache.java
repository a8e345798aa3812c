package dev.musicfs.control;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The cache of a running daemon, through its socket. */
public final class RemoteCache implements CacheMaintenance {
    private final ControlClient client;

    /** Does not connect yet. */
    public RemoteCache(ControlClient client) {
        this.client = client;
    }

    @Override
    public CacheStats statsBlocking() {
        return CacheStats.fromJson(client.call("GET", CacheRoutes.CACHE, null));
    }

    @Override
    public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
        AtomicLong reached = new AtomicLong();
        Optional<JsonObject> result =
                client.work("POST", CacheRoutes.VERIFY + "?repair=" + repair, cancelled, (done, of) -> {
                    reached.set(done);
                    progress.reached(done, of);
                });
        return result.map(VerifyResult::fromJson).orElseGet(() -> VerifyResult.cancelledAfter(reached.get()));
    }

    @Override
    public ClearResult clearBlocking(boolean alsoPinned) {
        Optional<JsonObject> result =
                client.work("POST", CacheRoutes.CLEAR + "?pinned=" + alsoPinned, () -> false, (done, of) -> {});
        return ClearResult.fromJson(result.orElseThrow());
    }

    /** As {@link CacheControl#pin}. */
    public PinResult pinBlocking(String path) {
        return PinResult.fromJson(client.call("POST", CacheRoutes.PIN, new JsonObject().put("path", path)));
    }

    /** As {@link CacheControl#unpin}. */
    public PinResult unpinBlocking(String path) {
        return PinResult.fromJson(client.call("DELETE", CacheRoutes.PIN, new JsonObject().put("path", path)));
    }

    /** As {@link CacheControl#pins}. */
    public Pins pinsBlocking() {
        return Pins.fromJson(client.call("GET", CacheRoutes.PINS, null));
    }

    @Override
    public void close() {
        // Every request has a connection of its own.
    }
}
