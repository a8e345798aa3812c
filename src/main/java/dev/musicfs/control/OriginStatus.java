package dev.musicfs.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An origin as the daemon sees it at present.
 *
 * @param id its name
 * @param type what it is, such as {@code sftp}
 * @param priority which copies are preferred: the lowest number
 * @param state {@code up}, {@code down}, {@code names} when its name cannot be resolved, {@code unknown} before the
 *     first probe has ended
 * @param stateSeconds how long it has been so
 * @param breaker {@code closed}, {@code open} or {@code half_open}
 * @param latencyMillis of small requests, smoothed; negative when none has been answered yet
 * @param inFlight requests that are on their way
 * @param queued requests that wait for their turn
 * @param requests how many there were
 * @param failures how many of them failed
 * @param fetchedBytes what it gave
 * @param lastError why the last failure failed
 */
public record OriginStatus(
        String id,
        String type,
        int priority,
        String state,
        long stateSeconds,
        String breaker,
        double latencyMillis,
        long inFlight,
        long queued,
        long requests,
        long failures,
        long fetchedBytes,
        Optional<String> lastError) {
    private static final String ORIGINS = "origins";

    /** The form in which it travels. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("id", id)
                .put("type", type)
                .put("priority", priority)
                .put("state", state)
                .put("stateSeconds", stateSeconds)
                .put("breaker", breaker)
                .put("latencyMillis", latencyMillis)
                .put("inFlight", inFlight)
                .put("queued", queued)
                .put("requests", requests)
                .put("failures", failures)
                .put("fetchedBytes", fetchedBytes);
        lastError.ifPresent(error -> json.put("lastError", error));
        return json;
    }

    /** Several of them in one object. */
    public static JsonObject toJson(List<OriginStatus> origins) {
        return new JsonObject()
                .put(
                        ORIGINS,
                        new JsonArray(origins.stream().map(OriginStatus::toJson).toList()));
    }

    static List<OriginStatus> listFromJson(JsonObject json) {
        List<OriginStatus> origins = new ArrayList<>();
        Json.objects(json, ORIGINS).forEach(each -> origins.add(fromJson(each)));
        return origins;
    }

    private static OriginStatus fromJson(JsonObject json) {
        return new OriginStatus(
                Json.text(json, "id"),
                Json.text(json, "type"),
                (int) Json.count(json, "priority"),
                Json.text(json, "state"),
                Json.count(json, "stateSeconds"),
                Json.text(json, "breaker"),
                Json.number(json, "latencyMillis"),
                Json.count(json, "inFlight"),
                Json.count(json, "queued"),
                Json.count(json, "requests"),
                Json.count(json, "failures"),
                Json.count(json, "fetchedBytes"),
                json.containsKey("lastError") ? Optional.of(Json.text(json, "lastError")) : Optional.empty());
    }
}
