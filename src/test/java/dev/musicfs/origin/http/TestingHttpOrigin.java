package dev.musicfs.origin.http;

import dev.musicfs.config.OriginConfig;
import dev.musicfs.config.OriginSettings;
import dev.musicfs.model.OriginId;
import dev.musicfs.origin.BackendContext;
import dev.musicfs.origin.NameResolver;
import dev.musicfs.origin.Origin;
import dev.musicfs.runtime.Clock;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.testkit.TestingNames;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Makes origins as the daemon does. */
final class TestingHttpOrigin {
    private TestingHttpOrigin() {}

    /** Not started. */
    static Origin of(Vertx vertx, String url, Map<String, Object> more, Duration timeout, int concurrency) {
        return of(vertx, url, more, timeout, concurrency, TestingNames.LITERAL);
    }

    /** The same with a name service. */
    static Origin of(
            Vertx vertx, String url, Map<String, Object> more, Duration timeout, int concurrency, NameResolver names) {
        Map<String, Object> values = new HashMap<>(more);
        values.put("url", url);
        HttpBackend backend = new HttpBackend();
        OriginConfig config = new OriginConfig(
                new OriginId("web"),
                backend.type(),
                new OriginSettings(values),
                OriginConfig.DEFAULT_PRIORITY,
                true,
                OriginConfig.DEFAULT_POLL_INTERVAL,
                timeout,
                concurrency,
                0);
        return backend.create(
                config,
                new BackendContext(
                        vertx,
                        ExecutorPools.workers(vertx, "web", "Origin web", concurrency, 1_000),
                        names,
                        Clock.system()));
    }
}
