package dev.musicfs.control;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.JsonObject;

/**
 * What the API answers in place of a result: {@code {"error":{"kind":"NOT_FOUND","message":"..."}}}.
 *
 * @param status HTTP's status
 * @param kind what kind of failure it is
 * @param message one sentence
 */
record ApiError(int status, FailureKind kind, String message) {
    /** A request that does not fit the API. */
    static ApiError request(int status, String message) {
        return new ApiError(status, status == 404 ? FailureKind.NOT_FOUND : FailureKind.INVALID, message);
    }

    /** Long work while there is some. */
    static ApiError busy() {
        return new ApiError(
                409, FailureKind.UNAVAILABLE, "the cache is being verified or cleared; try again when that is done");
    }

    static ApiError of(Throwable failure) {
        MusicFsException ours = MusicFsException.wrap("the request failed", failure);
        return new ApiError(status(ours.kind()), ours.kind(), String.valueOf(ours.getMessage()));
    }

    static int status(FailureKind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case READ_ONLY, REJECTED -> 403;
            case NOT_FOUND -> 404;
            case STALE -> 409;
            case CORRUPT, INTERNAL -> 500;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
            case NO_SPACE -> 507;
        };
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("error", new JsonObject().put("kind", kind.name()).put("message", message));
    }

    /** The failure in an answer; a kind of a newer daemon becomes {@code INTERNAL}. */
    static MusicFsException failure(JsonObject error) {
        String kind = Json.text(error, "kind");
        for (FailureKind each : FailureKind.values()) {
            if (each.name().equals(kind)) {
                return new MusicFsException(each, Json.text(error, "message"));
            }
        }
        return new MusicFsException(FailureKind.INTERNAL, Json.text(error, "message"));
    }
}
