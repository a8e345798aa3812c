package dev.musicfs.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * How a check of the whole cache went.
 *
 * @param checked chunks looked at
 * @param corrected errors that were found and are gone
 * @param uncorrected errors that were found and are still there
 * @param cancelled whether it ended before it was through
 * @param problems a sentence each for the first errors, at most {@value #MAX_PROBLEMS}
 */
public record VerifyResult(long checked, long corrected, long uncorrected, boolean cancelled, List<String> problems) {
    /** The most sentences that are kept. */
    public static final int MAX_PROBLEMS = 100;

    /** Keeps its own copy of the first sentences. */
    public VerifyResult {
        problems = List.copyOf(problems.subList(0, Math.min(MAX_PROBLEMS, problems.size())));
    }

    /** One that was given up after so many chunks, its findings lost. */
    public static VerifyResult cancelledAfter(long checked) {
        return new VerifyResult(checked, 0, 0, true, List.of());
    }

    /** The form in which it travels. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("checked", checked)
                .put("corrected", corrected)
                .put("uncorrected", uncorrected)
                .put("cancelled", cancelled)
                .put("problems", new JsonArray(problems));
    }

    static VerifyResult fromJson(JsonObject json) {
        return new VerifyResult(
                Json.count(json, "checked"),
                Json.count(json, "corrected"),
                Json.count(json, "uncorrected"),
                Json.flag(json, "cancelled"),
                Json.texts(json, "problems"));
    }
}
