package dev.musicfs.control.api;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/**
 * What the API answers in place of a result: {@code {"error":{"kind":"NOT_FOUND","message":"..."}}}.
 *
 * @param status HTTP's status
 * @param kind what kind of failure it is
 * @param message one sentence
 */
public record ApiError(int status, FailureKind kind, String message) {
    /** A request that does not fit the API. */
    public static ApiError request(int status, String message) {
        return new ApiError(status, status == 404 ? FailureKind.NOT_FOUND : FailureKind.INVALID, message);
    }

    /** Long work while there is some. */
    public static ApiError busy() {
        return new ApiError(
                409, FailureKind.UNAVAILABLE, "the cache is being verified or cleared; try again when that is done");
    }

    public static ApiError of(Throwable failure) {
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

    /** As it travels. */
    public JsonObject toJson() {
        return new JsonObject().put("error", RecordJson.of(new ApiFailure(kind.name(), message)));
    }

    /** The failure in an answer; a kind of a newer daemon becomes {@code INTERNAL}. */
    public static MusicFsException failure(JsonObject error) {
        ApiFailure failure = RecordJson.to(ApiFailure.class, error);
        FailureKind kind = Arrays.stream(FailureKind.values())
                .filter(each -> each.name().equals(failure.kind()))
                .findFirst()
                .orElse(FailureKind.INTERNAL);
        return new MusicFsException(kind, failure.message());
    }
}
