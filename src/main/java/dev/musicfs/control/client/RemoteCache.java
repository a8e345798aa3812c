package dev.musicfs.control.client;

import dev.musicfs.control.api.CacheControl;
import dev.musicfs.control.api.CacheMaintenance;
import dev.musicfs.control.api.CacheRoutes;
import dev.musicfs.control.api.CacheStats;
import dev.musicfs.control.api.ClearResult;
import dev.musicfs.control.api.PinResult;
import dev.musicfs.control.api.Pins;
import dev.musicfs.control.api.Progress;
import dev.musicfs.control.api.RecordJson;
import dev.musicfs.control.api.VerifyResult;
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
        return client.call(CacheStats.class, "GET", CacheRoutes.CACHE, null);
    }

    @Override
    public VerifyResult verifyBlocking(boolean repair, BooleanSupplier cancelled, Progress progress) {
        AtomicLong reached = new AtomicLong();
        Optional<JsonObject> result =
                client.work("POST", CacheRoutes.VERIFY + "?repair=" + repair, cancelled, (done, of) -> {
                    reached.set(done);
                    progress.reached(done, of);
                });
        return result.map(json -> RecordJson.to(VerifyResult.class, json))
                .orElseGet(() -> VerifyResult.cancelledAfter(reached.get()));
    }

    @Override
    public ClearResult clearBlocking(boolean alsoPinned) {
        Optional<JsonObject> result =
                client.work("POST", CacheRoutes.CLEAR + "?pinned=" + alsoPinned, () -> false, (done, of) -> {});
        return RecordJson.to(ClearResult.class, result.orElseThrow());
    }

    /** As {@link CacheControl#pin}. */
    public PinResult pinBlocking(String path) {
        return client.call(PinResult.class, "POST", CacheRoutes.PIN, new JsonObject().put("path", path));
    }

    /** As {@link CacheControl#unpin}. */
    public PinResult unpinBlocking(String path) {
        return client.call(PinResult.class, "DELETE", CacheRoutes.PIN, new JsonObject().put("path", path));
    }

    /** As {@link CacheControl#pins}. */
    public Pins pinsBlocking() {
        return client.call(Pins.class, "GET", CacheRoutes.PINS, null);
    }

    @Override
    public void close() {
        // Every request has a connection of its own.
    }
}
