package dev.musicfs.control;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the cache holds and has done since it was opened. Bytes are those of chunk files on disk.
 *
 * @param state what it is fit for, such as {@code normal} or {@code full}
 * @param chunks how many there are
 * @param usedBytes their sum
 * @param limitBytes what they may take at present
 * @param tagsBytes the part of {@code usedBytes} that scans for tags read
 * @param pinnedBytes the part that is pinned
 * @param reads successful reads of chunks
 * @param puts chunks newly written
 * @param duplicates chunks that were to be written and were there
 * @param evictions chunks evicted
 * @param corruptions chunks found damaged
 * @param failures reads and writes that failed for the disk's sake
 * @param hitRatio share of what was read that came from the cache, 0 to 1; empty when nobody counts it
 * @param fetchedBytes what origins gave for reads, whether it could be used or not; empty when nobody counts it
 */
public record CacheStats(
        String state,
        long chunks,
        long usedBytes,
        long limitBytes,
        long tagsBytes,
        long pinnedBytes,
        long reads,
        long puts,
        long duplicates,
        long evictions,
        long corruptions,
        long failures,
        OptionalDouble hitRatio,
        OptionalLong fetchedBytes) {
    /** Keeps the state in small letters. */
    public CacheStats {
        state = state.toLowerCase(Locale.ROOT);
    }

    /** The form in which it travels; what is empty is left out. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("state", state)
                .put("chunks", chunks)
                .put("usedBytes", usedBytes)
                .put("limitBytes", limitBytes)
                .put("tagsBytes", tagsBytes)
                .put("pinnedBytes", pinnedBytes)
                .put("reads", reads)
                .put("puts", puts)
                .put("duplicates", duplicates)
                .put("evictions", evictions)
                .put("corruptions", corruptions)
                .put("failures", failures);
        hitRatio.ifPresent(ratio -> json.put("hitRatio", ratio));
        fetchedBytes.ifPresent(bytes -> json.put("fetchedBytes", bytes));
        return json;
    }

    static CacheStats fromJson(JsonObject json) {
        return new CacheStats(
                Json.text(json, "state"),
                Json.count(json, "chunks"),
                Json.count(json, "usedBytes"),
                Json.count(json, "limitBytes"),
                Json.count(json, "tagsBytes"),
                Json.count(json, "pinnedBytes"),
                Json.count(json, "reads"),
                Json.count(json, "puts"),
                Json.count(json, "duplicates"),
                Json.count(json, "evictions"),
                Json.count(json, "corruptions"),
                Json.count(json, "failures"),
                json.getValue("hitRatio") instanceof Number ratio
                        ? OptionalDouble.of(ratio.doubleValue())
                        : OptionalDouble.empty(),
                json.containsKey("fetchedBytes")
                        ? OptionalLong.of(Json.count(json, "fetchedBytes"))
                        : OptionalLong.empty());
    }
}
