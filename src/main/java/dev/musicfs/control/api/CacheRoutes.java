package dev.musicfs.control.api;

import io.vertx.core.http.HttpMethod;
import java.util.List;

/** The part of the API that is about the cache. */
public final class CacheRoutes {
    public static final String CACHE = "/v1/cache";
    public static final String VERIFY = "/v1/cache/verify";
    public static final String CLEAR = "/v1/cache/clear";
    public static final String PIN = "/v1/cache/pin";
    public static final String PINS = "/v1/cache/pins";

    private CacheRoutes() {}

    /** Routes to a cache. */
    public static List<Route> to(CacheControl cache) {
        return List.of(
                new Route.Quick(HttpMethod.GET, CACHE, request -> cache.stats().map(RecordJson::of)),
                new Route.Work(HttpMethod.POST, VERIFY, (request, cancelled, progress) -> cache.verify(
                                request.flag("repair"), cancelled, progress)
                        .map(RecordJson::of)),
                new Route.Work(
                        HttpMethod.POST, CLEAR, (request, cancelled, progress) -> cache.clear(request.flag("pinned"))
                                .map(RecordJson::of)),
                new Route.Quick(HttpMethod.POST, PIN, request -> cache.pin(request.text("path"))
                        .map(RecordJson::of)),
                new Route.Quick(HttpMethod.DELETE, PIN, request -> cache.unpin(request.text("path"))
                        .map(RecordJson::of)),
                new Route.Quick(HttpMethod.GET, PINS, request -> cache.pins().map(RecordJson::of)));
    }
}
