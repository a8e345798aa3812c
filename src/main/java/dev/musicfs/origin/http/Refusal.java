package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.wire.Response;
import io.vertx.core.http.HttpMethod;
import java.util.stream.Collectors;

/** What a status that is no success means. */
final class Refusal {
    private Refusal() {}

    /** A status of 500 or 501, as the cause of a failure: the server is there, and has trouble with one thing. */
    private static final class ErrorStatus extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ErrorStatus(int status) {
            super("status " + status, null, false, false);
        }
    }

    /** Whether a server's refusal may be about a single file; other ones from 500 are about the server. */
    static boolean isOfOne(int status) {
        return (status / 100 == 4 && status != 408 && status != 429) || status == 500 || status == 501;
    }

    /** The same of a failure that was made here. */
    static boolean isOfOne(Throwable e) {
        return e.getCause() instanceof ErrorStatus;
    }

    static boolean isAbsent(int status) {
        return status == 404 || status == 410;
    }

    /** Which ways of logging in the server knows. */
    private static String wanted(Response response) {
        String schemes = response.headers().getAll("WWW-Authenticate").stream()
                .map(challenge -> challenge.strip().split("[\\s,]", 2)[0])
                .filter(scheme -> scheme.matches("[A-Za-z0-9-]{1,30}"))
                .distinct()
                .collect(Collectors.joining(", "));
        return schemes.isEmpty() ? "" : "; the server wants " + schemes;
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
                new MusicFsException(
                        FailureKind.REJECTED,
                        what + ": the user, password or token is missing or wrong" + wanted(response));
            case 403 -> new MusicFsException(FailureKind.REJECTED, what + ": no permission");
            default -> {
                String later = response.header("Retry-After");
                yield new MusicFsException(
                        FailureKind.UNAVAILABLE,
                        later.isEmpty() ? what : what + "; it asks to be left alone until (Retry-After) " + later,
                        isOfOne(status) ? new ErrorStatus(status) : null);
            }
        };
    }
}
