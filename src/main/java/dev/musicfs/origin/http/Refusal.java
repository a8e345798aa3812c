package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.wire.Response;
import io.vertx.core.http.HttpMethod;

/** What a status that is no success means. */
final class Refusal {
    private Refusal() {}

    static boolean isAbsent(int status) {
        return status == 404 || status == 410;
    }

    /** {@code NOT_FOUND} for 404 and 410; whether the origin as a whole is there is for the caller to find out. */
    static MusicFsException of(String origin, HttpMethod method, Response response) {
        int status = response.status();
        String what = origin + " answers " + method + " " + response.url() + " with " + status;
        if (isAbsent(status)) {
            return new MusicFsException(FailureKind.NOT_FOUND, what);
        }
        return switch (status) {
            case 401 ->
                new MusicFsException(FailureKind.REJECTED, what + ": the user, password or token is missing or wrong");
            case 403 -> new MusicFsException(FailureKind.REJECTED, what + ": no permission");
            default -> {
                String later = response.header("Retry-After");
                yield new MusicFsException(
                        FailureKind.UNAVAILABLE,
                        later.isEmpty() ? what : what + "; it asks to be left alone until (Retry-After) " + later);
            }
        };
    }
}
