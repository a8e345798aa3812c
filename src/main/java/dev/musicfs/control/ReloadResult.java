package dev.musicfs.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What reading the configuration again came to.
 *
 * @param applied what is another now, each {@code KEY: OLD -> NEW}
 * @param restart what will be another after a restart only, in the same way
 */
public record ReloadResult(List<String> applied, List<String> restart) {
    /** Copies the lists. */
    public ReloadResult {
        applied = List.copyOf(applied);
        restart = List.copyOf(restart);
    }

    /** As the API answers. */
    public JsonObject toJson() {
        return new JsonObject().put("applied", new JsonArray(applied)).put("restart", new JsonArray(restart));
    }

    static ReloadResult fromJson(JsonObject json) {
        return new ReloadResult(texts(json, "applied"), texts(json, "restart"));
    }

    private static List<String> texts(JsonObject json, String key) {
        return json.getJsonArray(key, new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
    }
}
