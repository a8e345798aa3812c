package dev.musicfs.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What came of reading the configuration again.
 *
 * @param applied the changes that hold now, each as {@code key: before -> after}
 * @param needRestart those that hold after the next start only
 */
public record ReloadResult(List<String> applied, List<String> needRestart) {
    /** Copies the lists. */
    public ReloadResult {
        applied = List.copyOf(applied);
        needRestart = List.copyOf(needRestart);
    }

    /** The form in which it travels. */
    public JsonObject toJson() {
        return new JsonObject().put("applied", new JsonArray(applied)).put("needRestart", new JsonArray(needRestart));
    }

    static ReloadResult fromJson(JsonObject json) {
        return new ReloadResult(Json.texts(json, "applied"), Json.texts(json, "needRestart"));
    }
}
