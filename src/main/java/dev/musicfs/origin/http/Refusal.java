package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;

/** What a status that is no success means. */
final class Refusal {
    private Refusal() {}

    static boolean isAbsent(int status) {
        return status == 404 || status == 410;
    }

    /** {@code NOT_FOUND} for 404 and 410; whether the origin as a whole is there is for the caller to find out. */
    static MusicFsException of(String origin, Call call, Reply reply) {
        int status = reply.status();
        String what = " answers " + call.method() + " " + reply.url() + " with " + status;
        return switch (status) {
            case 401 ->
                new MusicFsException(
                        FailureKind.REJECTED, origin + what + ": the user, password or token is missing or wrong");
            case 403 -> new MusicFsException(FailureKind.REJECTED, origin + what + ": no permission");
            case 404, 410 -> new MusicFsException(FailureKind.NOT_FOUND, origin + what);
            default -> {
                String later = reply.answer().header("Retry-After");
                yield new MusicFsException(
                        FailureKind.UNAVAILABLE,
                        origin
                                + what
                                + (later.isEmpty() ? "" : "; it asks to be left alone until (Retry-After) " + later));
            }
        };
    }
}
