package dev.musicfs.control;

import io.vertx.core.json.JsonObject;

/**
 * What clearing the cache removed.
 *
 * @param chunks how many
 * @param bytes what their files took
 */
public record ClearResult(long chunks, long bytes) {
    /** The form in which it travels. */
    public JsonObject toJson() {
        return new JsonObject().put("chunks", chunks).put("bytes", bytes);
    }

    static ClearResult fromJson(JsonObject json) {
        return new ClearResult(Json.count(json, "chunks"), Json.count(json, "bytes"));
    }
}
