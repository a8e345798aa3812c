package dev.musicfs.control;

import io.vertx.core.json.JsonObject;

/**
 * What pinning or unpinning a path did.
 *
 * @param path the path from the root of the tree, without a leading slash; empty for the root
 * @param files how many files lie there, pinned before or not
 */
public record PinResult(String path, long files) {
    /** The form in which it travels. */
    public JsonObject toJson() {
        return new JsonObject().put("path", path).put("files", files);
    }

    static PinResult fromJson(JsonObject json) {
        return new PinResult(Json.text(json, "path"), Json.count(json, "files"));
    }
}
