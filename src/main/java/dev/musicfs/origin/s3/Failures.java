package dev.musicfs.origin.s3;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.origin.wire.Response;

/** What answers that are no success mean. */
final class Failures {
    private Failures() {}

    /** @param about how the sentence begins, such as {@code Origin x cannot read a.flac} */
    static MusicFsException of(String about, Response response) {
        ErrorBody error = ErrorBody.of(response);
        String said = response.status() + (error.code().isEmpty() ? "" : " " + error.code());
        return new MusicFsException(
                kind(response.status(), error.code()), about + ": " + sentence(said, response, error));
    }

    /** The same of a request about the bucket, in answer to which nothing says that a file is absent. */
    static MusicFsException ofBucket(String about, Response response) {
        MusicFsException failure = of(about, response);
        return failure.kind() == FailureKind.NOT_FOUND
                ? new MusicFsException(FailureKind.UNAVAILABLE, String.valueOf(failure.getMessage()))
                : failure;
    }

    /** Whether the server said, in the words of S3, that the object is not in the bucket. */
    static boolean isAbsent(Response response) {
        return response.status() == 404 && kind(404, ErrorBody.of(response).code()) == FailureKind.NOT_FOUND;
    }

    private static FailureKind kind(int status, String code) {
        return switch (status) {
            // A 404 of anybody else, such as a proxy, or about the bucket says nothing about the file.
            case 404 -> code.equals("NoSuchKey") ? FailureKind.NOT_FOUND : FailureKind.UNAVAILABLE;
            case 412, 416 -> FailureKind.STALE;
            case 408, 409, 425, 429 -> FailureKind.UNAVAILABLE;
            case 400 -> code.equals("RequestTimeout") ? FailureKind.UNAVAILABLE : FailureKind.REJECTED;
            default -> status / 100 == 4 ? FailureKind.REJECTED : FailureKind.UNAVAILABLE;
        };
    }

    private static String sentence(String said, Response response, ErrorBody error) {
        String retryAfter = response.header("Retry-After");
        if (retryAfter.matches("\\d{1,9}")) {
            return "the server is busy and asks to wait " + retryAfter + " s (" + said + ")";
        }
        return switch (error.code()) {
            case "RequestTimeTooSkewed" ->
                "the clocks of this machine and of the server differ too much; set this machine's clock (" + said + ")";
            case "NoSuchBucket" -> "there is no such bucket (" + said + ")";
            case "AuthorizationHeaderMalformed" ->
                error.region().isEmpty()
                        ? said + ": " + error.message()
                        : "the bucket is in another region; set region to " + error.region() + " (" + said + ")";
            default -> error.message().isEmpty() ? "the server said " + said : said + ": " + error.message();
        };
    }
}
