package dev.musicfs.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A running daemon.
 *
 * @param pid of its process
 * @param mountPoint where it serves, an absolute path without symbolic links, as in the mount table
 * @param version of the program
 * @param state {@code ready}, {@code degraded}, {@code offline} or {@code stopping}
 * @param uptimeSeconds since it started
 * @param tasks what works in it
 * @param origins in the order of the configuration
 * @param cache the state of the store, such as {@code healthy}
 * @param catalog {@code healthy}, or what is wrong with it
 * @param uncaughtFailures how many failures nobody caught, since the start
 */
public record DaemonStatus(
        long pid,
        String mountPoint,
        String version,
        String state,
        long uptimeSeconds,
        List<TaskStatus> tasks,
        List<OriginState> origins,
        String cache,
        String catalog,
        long uncaughtFailures) {
    /** Of a daemon that serves everything. */
    public static final String READY = "ready";

    /** Copies the lists. */
    public DaemonStatus {
        tasks = List.copyOf(tasks);
        origins = List.copyOf(origins);
    }

    /**
     * A part of the daemon that is started again when it fails.
     *
     * @param name such as {@code scan}
     * @param state such as {@code running}
     * @param restarts how often it was started again
     * @param lastError why it failed last
     * @param critical whether the daemon is of no use without it
     */
    public record TaskStatus(String name, String state, long restarts, Optional<String> lastError, boolean critical) {
        private JsonObject toJson() {
            JsonObject json = new JsonObject()
                    .put("name", name)
                    .put("state", state)
                    .put("restarts", restarts)
                    .put("critical", critical);
            lastError.ifPresent(error -> json.put("lastError", error));
            return json;
        }

        private static TaskStatus fromJson(JsonObject json) {
            return new TaskStatus(
                    Json.text(json, "name"),
                    Json.text(json, "state"),
                    Json.count(json, "restarts"),
                    json.containsKey("lastError") ? Optional.of(Json.text(json, "lastError")) : Optional.empty(),
                    Json.flag(json, "critical"));
        }
    }

    /**
     * An origin in short.
     *
     * @param id its name
     * @param state as in {@link OriginStatus}
     */
    public record OriginState(String id, String state) {
        private JsonObject toJson() {
            return new JsonObject().put("id", id).put("state", state);
        }

        private static OriginState fromJson(JsonObject json) {
            return new OriginState(Json.text(json, "id"), Json.text(json, "state"));
        }
    }

    /** The form in which it travels. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("pid", pid)
                .put("mountPoint", mountPoint)
                .put("version", version)
                .put("state", state)
                .put("uptimeSeconds", uptimeSeconds)
                .put(
                        "tasks",
                        new JsonArray(tasks.stream().map(TaskStatus::toJson).toList()))
                .put(
                        "origins",
                        new JsonArray(origins.stream().map(OriginState::toJson).toList()))
                .put("cache", cache)
                .put("catalog", catalog)
                .put("uncaughtFailures", uncaughtFailures);
    }

    static DaemonStatus fromJson(JsonObject json) {
        return new DaemonStatus(
                Json.count(json, "pid"),
                Json.text(json, "mountPoint"),
                Json.text(json, "version"),
                Json.text(json, "state"),
                Json.count(json, "uptimeSeconds"),
                Json.objects(json, "tasks").stream().map(TaskStatus::fromJson).toList(),
                Json.objects(json, "origins").stream()
                        .map(OriginState::fromJson)
                        .toList(),
                Json.text(json, "cache"),
                Json.text(json, "catalog"),
                Json.count(json, "uncaughtFailures"));
    }
}
